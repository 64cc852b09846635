"""Values to screen: the only code that draws."""
