"""What every converter's interpreter loads: the host of the bridge, errors, frames and pickle checks."""
