"""What every assistant has around its pages: heading and steps, a notice, and a foot."""
