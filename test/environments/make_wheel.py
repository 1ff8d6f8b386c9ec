"""Writes a pure-Python wheel and prints its sha256: make_wheel.py FOLDER NAME VERSION [REQUIREMENT...]"""

import base64
import hashlib
import os
import sys
import zipfile

folder, name, version, *requirements = sys.argv[1:]
info = "%s-%s.dist-info" % (name, version)
metadata = "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version)
files = {
    "%s.py" % name: "VERSION = %r\n" % version,
    "%s/METADATA" % info: metadata + "".join("Requires-Dist: %s\n" % requirement for requirement in requirements),
    "%s/WHEEL" % info: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "%s/entry_points.txt" % info: "[console_scripts]\n%s = %s:main\n" % (name, name),
}
record = "".join(
    "%s,sha256=%s,%d\n"
    % (path, base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode(), len(text))
    for path, text in files.items()
)
wheel = os.path.join(folder, "%s-%s-py3-none-any.whl" % (name, version))
with zipfile.ZipFile(wheel, "w") as archive:
    for path, text in {**files, "%s/RECORD" % info: record + "%s/RECORD,,\n" % info}.items():
        archive.writestr(zipfile.ZipInfo(path), text)
with open(wheel, "rb") as file:
    print(hashlib.sha256(file.read()).hexdigest())
