"""The rules: each module here is one, found without registration.

A rule has `FOR`, the requirements of a step that it judges (every step where it is empty); `ORDER`,
its layer and its rank within the layer; and `judge(evidence)`, which yields findings. A rule is not
asked where an earlier layer is unmet, unless its `DESPITE` names that layer. Where a rule with
`ENDS_LAYER` finds something unmet, the later rules of its layer are not asked either.
"""
