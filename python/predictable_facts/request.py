"""The request of `convert` and `predict`, as the orchestrator writes it: `ConverterRequest` of src/converters/request.ts, field by field.

For type checkers only, like all that an annotation says: in a running interpreter it is a dictionary of JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict

if TYPE_CHECKING:
    from typing import List, Literal, Optional, TypedDict

    class GivenInput(TypedDict):
        """`name`: empty for the only input, where nobody says it. `shape`: of the whole tensor, -1 for the number of rows."""

        name: str
        dtype: str
        shape: List[int]

    class Factory(TypedDict):
        """The user's own function that makes the model which the file's weights belong to."""

        module: str
        function: str
        folders: List[str]

    class Request(TypedDict):
        """What is asked of a converter. Paths are absolute; None stands for what nobody has said.

        `savedBy`: the version of the library that saved the file. `work`: a folder for every file that is written.
        `trusted`: whether the user vouches for the file, so that loading it may run code. `opsets`: the newest of each domain that the
        target loads. `sample`: the base path of a frame file. `imageSize`: height and width of the pictures that the columns hold.
        `wide`: columns of numbers that are to be double, with `precision` float, beside those that the converter finds; None where all
        are of the precision. `road`: which of the converter's ways is taken. `probeRows`: how
        many rows are made of the sample's and of what is known of the model, to be predicted beside them. `seed`: the file's sha256, by
        which they are chosen.
        """

        action: Literal["convert", "predict"]
        converter: str
        path: str
        format: str
        savedBy: Optional[str]
        work: str
        trusted: bool
        opsets: Dict[str, int]
        ir: int
        precision: Literal["float", "double"]
        wide: Optional[List[str]]
        columns: Optional[List[str]]
        sample: Optional[str]
        syntheticRows: int
        inputs: List[GivenInput]
        outputs: Optional[List[str]]
        factory: Optional[Factory]
        signature: Optional[str]
        tag: Optional[str]
        imageSize: Optional[List[int]]
        road: Optional[str]
        probeRows: int
        seed: str

else:
    GivenInput = Factory = Request = Dict[str, Any]
