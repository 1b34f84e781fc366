"""Writing that survives a crash: a file or folder is there as a whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text file in one step; readers see the former text or this one."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, "utf-8")
    sync(aside)
    aside.replace(path)
    sync(path.parent)


def copy_tree(source: Path, target: Path) -> None:
    """Copy the files of a folder, following no links; permissions and times are not copied."""
    for path in sorted(source.rglob("*")):
        if path.is_file() and not path.is_symlink():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def move(source: Path, target: Path) -> None:
    """Give a complete folder its place in one step.

    `rename` refuses a target that holds anything, but silently replaces an empty folder: that is asked beforehand.

    Raises:
        FileExistsError: Something is at the target.
    """
    if os.path.lexists(target):
        raise FileExistsError(f"{target} exists")
    sync_tree(source)
    source.rename(target)
    sync(target.parent)


def point(link: Path, target: str) -> None:
    """Let `link` lead to `target`, a path relative to the link's folder, in one step.

    Where the system has no symbolic links, `link` becomes a text file that holds the path; `evpact.open_release` reads
    either.
    """
    aside = link.with_name(f".{link.name}.new")
    aside.unlink(missing_ok=True)
    try:
        aside.symlink_to(target, target_is_directory=True)
    except (OSError, NotImplementedError):
        write_whole(link, target + "\n")
        return
    aside.replace(link)
    sync(link.parent)


def sync_tree(folder: Path) -> None:
    """Have a folder and all in it on the disk before going on."""
    for path in sorted(folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before going on."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return  # Windows cannot open folders, and keeps their names safe by itself
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
