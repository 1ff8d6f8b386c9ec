"""Our converters of estimators around estimators: they decide on what their members say as the original does."""

from writing.wrappers import bagging, calibration, one_vs_rest, output_codes, several_targets, stacking, voting


def register() -> None:
    for module in (bagging, calibration, one_vs_rest, output_codes, several_targets, stacking, voting):
        module.register()
