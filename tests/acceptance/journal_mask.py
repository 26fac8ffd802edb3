#!/usr/bin/env python3
"""Replays a case's journal by docs/file-formats.md alone and compares the outcome, voxel by voxel, with an exported mask.

usage: journal_mask.py WORKSPACE MASK.nii    Case 1 of the workspace, which began with an empty mask. Exits with 1 on a difference.
"""
import ctypes
import pathlib
import sqlite3
import struct
import sys

zstd = ctypes.CDLL("libzstd.so.1")
zstd.ZSTD_decompress.restype = ctypes.c_size_t


def decompressed(frame):
    room = 1 << 16
    while room <= 1 << 30:
        buffer = ctypes.create_string_buffer(room)
        size = zstd.ZSTD_decompress(buffer, ctypes.c_size_t(room), frame, ctypes.c_size_t(len(frame)))
        if size <= room:
            return buffer.raw[:size]
        room *= 4
    sys.exit("an edit cannot be decompressed")


class Fields:
    def __init__(self, blob):
        assert blob[:5] == b"ANED\1", blob[:5]
        self.data, self.at = decompressed(blob[5:]), 0

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def skip_text(self):
        size = self.number()
        self.at += size

    def skip_table(self):
        for _ in range(self.number()):
            self.byte()
            self.skip_text()
            self.at += 5
            for _ in range(6):
                self.skip_text()
            self.number()


def runs_of(blob):
    """The runs (layer, start, length, before, after) of an edit."""
    fields, runs = Fields(blob), []
    fields.skip_text(), fields.skip_text(), fields.number()
    for _ in range(6):
        fields.number()
    if fields.byte():
        fields.skip_table(), fields.skip_table()
    for _ in range(fields.number()):
        layer, end = fields.number(), 0
        for _ in range(fields.number()):
            start, length = end + fields.number(), 0
            length = fields.number()
            runs.append((layer, start, length, fields.byte(), fields.byte()))
            end = start + length
    return runs


def write(mask, runs, forward):
    for layer, start, length, before, after in runs:
        assert layer == 0, "one layer is expected"
        expected, value = (before, after) if forward else (after, before)
        assert mask[start:start + length] == bytes([expected]) * length, "an edit that does not fit what is there"
        mask[start:start + length] = bytes([value]) * length


def replayed(database, count):
    base, start = database.execute("SELECT history_base, history_start FROM cases WHERE id = 1").fetchone()
    assert base is None, "a mask before the journal is not expected"
    mask, edits, cursor = bytearray(count), [], 0
    for kind, blob in database.execute("SELECT kind, edit FROM journal WHERE case_id = 1 AND sequence > ? ORDER BY sequence",
                                       (start,)):
        if kind == "edit":
            del edits[cursor:]
            edits.append(runs_of(blob))
            write(mask, edits[cursor], True)
            cursor += 1
        elif kind == "undo":
            cursor -= 1
            write(mask, edits[cursor], False)
        else:
            write(mask, edits[cursor], True)
            cursor += 1
    return mask


def exported(path):
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack_from("<4h", data, 40)[1:]
    kind = {2: "B", 4: "h", 512: "H"}[struct.unpack_from("<h", data, 70)[0]]
    count, offset = size[0] * size[1] * size[2], int(struct.unpack_from("<f", data, 108)[0])
    return struct.unpack_from(f"<{count}{kind}", data, offset)


def main():
    mask = exported(sys.argv[2])
    with sqlite3.connect(pathlib.Path(sys.argv[1]) / "annotomy.db") as database:
        expected = replayed(database, len(mask))
    different = sum(a != b for a, b in zip(expected, mask))
    print(f"{sum(v != 0 for v in expected)} voxels, {different} different")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
