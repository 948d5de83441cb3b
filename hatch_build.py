"""Put the built PWA into the wheel, so that an installed Serialtrail serves its own screens."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NO_NODE = (
    "The screens of Serialtrail are not built and npm was not found to build them. "
    "Install Node 20 with npm, then try again; or run `npm ci && npm run build` in pwa/ on "
    "another machine and copy pwa/dist here."
)


class PwaBuildHook(BuildHookInterface[Any]):
    """Ships ``pwa/dist`` as ``backend/_pwa``, built first where it is missing, and the words of the screens."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the PWA to the wheel. An editable install reads ``pwa/dist`` itself and gets nothing."""
        if version == "editable":
            return
        pwa = Path(self.root) / "pwa"
        dist = pwa / "dist"
        if not (dist / "index.html").is_file():
            self._build(pwa)
        if self.target_name != "wheel":
            return
        for file in sorted(path for path in dist.rglob("*") if path.is_file()):
            shipped_as = Path("backend/_pwa") / file.relative_to(dist)
            build_data["force_include"][str(file)] = shipped_as.as_posix()
        words = pwa / "src" / "i18n"
        for file in sorted(words.glob("*/*.json")):
            shipped_as = Path("backend/_texts") / file.relative_to(words)
            build_data["force_include"][str(file)] = shipped_as.as_posix()

    def _build(self, pwa: Path) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(NO_NODE)
        if not (pwa / "node_modules/.package-lock.json").is_file():
            subprocess.run([npm, "ci"], cwd=pwa, check=True)
        subprocess.run([npm, "run", "build"], cwd=pwa, check=True)
