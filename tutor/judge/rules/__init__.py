"""The rules: each module here is one, found without registration.

A rule has `PLACE`, its layer and its rank within the layer, and `judge(evidence)`, which yields
findings, or none where the rule has nothing to say about the step. A rule is not asked where an
earlier layer is unmet, unless its `IN_SPITE_OF` names that layer.
"""
