"""Odoo 19 itself: one the user has, else Debian's package unpacked, else Odoo's repository."""

import os
import re
import shutil
from pathlib import Path

from .paths import cache_dir, keyed
from .step import SetupError, is_done, mark_done, run, say, step

# Debian's odoo-19 links into these packages. Font Awesome must be bookworm's 4.7: version 7 has another layout.
PACKAGES = (
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-montserrat/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-inconsolata/sid",
    "fonts-ocr-b/sid",
    "fonts-glyphicons-halflings/sid",
    "fonts-font-awesome/bookworm",
)
REPOSITORY = "https://github.com/odoo/odoo.git"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Removed by Debian as non-free, still named by the web assets: without it every page logs an error.
EMPTY_ASSET = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
# What a sound unpacking has; Debian's sid moves, so it is looked at rather than trusted.
EXPECTED = (
    "release.py",
    "addons/sale_stock/__manifest__.py",
    "addons/stock_delivery/__manifest__.py",
    "addons/web/static/lib/jquery/jquery.js",
    "addons/web/static/src/libs/fontawesome/fonts/fontawesome-webfont.woff2",
)


def install() -> Path:
    """The folder that holds the `odoo` package, built on first use."""
    if home := os.environ.get("ODOO_HOME"):
        return _installed(Path(home).expanduser().resolve())
    target = keyed("odoo", " ".join(PACKAGES))
    if not is_done(target):
        target.mkdir(parents=True, exist_ok=True)
        try:
            _unpack_debian(target)
        except SetupError as error:
            say(f"    Debian's package did not work: {error}\n    Trying Odoo's own repository instead.")
            _clone(target)
        mark_done(target)
    return _installed(target)


def _installed(home: Path) -> Path:
    """Find the package in a checkout, a package root or an unpacked Debian package.

    A checkout keeps most add-ons in `addons/` beside the `odoo` package.
    """
    for folder in (home, home / "usr/lib/python3/dist-packages", home / "checkout"):
        if (folder / "odoo/release.py").exists():
            release = (folder / "odoo/release.py").read_text()
            if not re.search(r"version_info = \(19, 0,", release):
                raise SetupError(f"{folder} is not Odoo 19.0. Point ODOO_HOME at a checkout of branch 19.0.")
            return folder
    raise SetupError(f"No Odoo in {home}. Point ODOO_HOME at a checkout of branch 19.0, or unset it.")


def _unpack_debian(target: Path) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg") and KEYRING.exists()):
        raise SetupError("apt, dpkg or Debian's keyring is missing.")
    downloads = target / "debs"
    downloads.mkdir(exist_ok=True)
    apt = _private_apt(target)
    hint = f"Check the network; repeating the command goes on from {target}."
    with step("Odoo 19: Debian's package (122 MB), unpacked, not installed"):
        run([*apt, "update"], hint=hint)
        for package in PACKAGES:
            name = package.split("/")[0]
            if not any(downloads.glob(f"{name}_*.deb")):
                incoming = downloads / "incoming"  # a file half there is not among the whole ones
                incoming.mkdir(exist_ok=True)
                run([*apt, "download", package], hint=hint, cwd=incoming)
                for deb in incoming.glob(f"{name}_*.deb"):
                    deb.rename(downloads / deb.name)
        for deb in sorted(downloads.glob("*.deb")):
            run(["dpkg", "-x", deb, target], hint=f"{deb.name} is damaged: delete {deb} and repeat.")
        package = target / "usr/lib/python3/dist-packages/odoo"
        missing = [name for name in EXPECTED if not (package / name).exists()]
        if missing:
            raise SetupError(f"Debian's odoo-19 has changed; not found: {', '.join(missing)}.")
        asset = package / EMPTY_ASSET
        asset.parent.mkdir(parents=True, exist_ok=True)
        asset.touch()
        shutil.rmtree(downloads)


def _private_apt(target: Path) -> list[str]:
    """An apt of its own: sid is read from it, and the machine's apt never hears of sid."""
    state = target / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    sources = state / "sources.list"
    mirror = _debian_mirror()
    sources.write_text("".join(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in ("sid", "bookworm")))
    options = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": state / "lists",
        "Dir::Cache": state / "cache",
        "APT::Update::Error-Mode": "any",  # an index that cannot be had is an error at once
        "APT::Sandbox::User": "",  # as root, apt's own user may not reach the cache folder
    }
    return ["apt-get", *(word for key, value in options.items() for word in ("-o", f"{key}={value}"))]


def _debian_mirror() -> str:
    """The mirror this machine uses: `URIs:` of a .sources file or a `deb` line, main archive first."""
    folder = Path("/etc/apt")
    texts = [path.read_text() for path in (*folder.glob("sources.list"), *folder.glob("sources.list.d/*"))]
    found = re.findall(r"^(?:URIs:|deb (?:\[[^]]*\] )?)\s*(\S+)", "\n".join(texts), re.MULTILINE)
    return next((uri for uri in found if uri.rstrip("/").endswith("/debian")), "http://deb.debian.org/debian")


def _clone(target: Path) -> None:
    checkout = target / "checkout"
    with step("Odoo 19: shallow clone of branch 19.0"):
        shutil.rmtree(checkout, ignore_errors=True)
        run(
            ["git", "clone", "--depth", "1", "--branch", "19.0", "--progress", REPOSITORY, checkout],
            hint="Check the network, then repeat; or give a copy of Odoo 19.0 by ODOO_HOME=/path/to/odoo.",
        )


def addons_path(home: Path) -> list[Path]:
    """Folders of add-ons: the package's own, and a checkout's `addons/` where most of them live."""
    return [
        folder
        for folder in (home / "odoo/addons", home / "addons")
        if (folder / "sale").exists() or folder.parent.name == "odoo"
    ]


def data_dir() -> Path:
    """Odoo's filestore and sessions."""
    return cache_dir() / "odoo-data"
