"""The products whose exports are recognised, by what they publish of their titles."""
