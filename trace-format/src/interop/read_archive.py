#!/usr/bin/python3
"""Reads a sealed archive (.iorw) with nothing of iorewind but docs/format.md.

    read_archive.py FILE.iorw            one JSON object per event: seq, kind (template id), timeNs, sha256 of the frame
    read_archive.py FILE.iorw --sum      number of events and one SHA-256 over all frames

Needs Python 3.9 or newer and the zstandard module (Debian: python3-zstandard). Everything that the format lets a reader
check is checked; the exit code is 3 for an archive that is damaged or of another version.
"""

import hashlib
import json
import struct
import sys

import zstandard


class Damage(Exception):
    """The file is not what the format says."""


def require(condition, what):
    if not condition:
        raise Damage(what)


def crc32c_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


TABLE = crc32c_table()


def crc32c(*parts):
    crc = 0xFFFFFFFF
    for part in parts:
        for byte in part:
            crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def expand(stored, length):
    """A stream is stored as it is, or as one zstd frame if that is shorter."""
    if len(stored) == length:
        return stored
    require(len(stored) < length, "a stream longer than its content")
    try:
        data = zstandard.ZstdDecompressor().decompress(stored, max_output_size=length)
    except zstandard.ZstdError as error:
        raise Damage(str(error)) from error
    require(len(data) == length, "a stream of another length")
    return data


def signed(number):
    return number >> 1 ^ -(number & 1)


class Column:
    FORMAT = struct.Struct("<HBBBBBxHHIQQQ4x")

    def __init__(self, directory, at, count):
        (self.offset, self.width, self.predictor, self.layout, self.bits, self.other_shape, self.other_offset,
         self.dictionary, self.stored_length, self.first, self.least, self.step) = self.FORMAT.unpack_from(directory, at)
        require(self.width in (1, 2, 4, 8) and self.predictor <= 4 and self.layout <= 2, "an unknown column")
        require(self.bits <= 8 * self.width and self.dictionary <= 256, "a column out of bounds")
        self.count = count
        self.bytes = (self.bits + 7) // 8
        numbers = (count * self.bits + 7) // 8 if self.layout == 2 else count * self.bytes
        self.length = self.dictionary * self.width + numbers
        self.values = []

    def numbers(self, stream):
        n = self.count
        if self.bits == 0:
            return [0] * n
        if self.layout == 0:
            planes = [stream[i * n:(i + 1) * n] for i in range(self.bytes)]
            return [sum(plane[i] << 8 * p for p, plane in enumerate(planes)) for i in range(n)]
        if self.layout == 1:
            return [int.from_bytes(stream[i:i + self.bytes], "little") for i in range(0, n * self.bytes, self.bytes)]
        packed = int.from_bytes(stream, "little")
        mask = (1 << self.bits) - 1
        return [packed >> i * self.bits & mask for i in range(n)]

    def decode(self, stored, other):
        """other(i): the value of the field that predicts the i-th value."""
        stream = expand(stored, self.length) if self.length else b""
        head = self.dictionary * self.width
        dictionary = [int.from_bytes(stream[i:i + self.width], "little") for i in range(0, head, self.width)]
        mask = (1 << 8 * self.width) - 1
        previous = self.first
        for i, number in enumerate(self.numbers(stream[head:])):
            u = self.least + self.step * number & (1 << 64) - 1
            if self.predictor == 0:
                value = u
            elif self.predictor == 1:
                value = signed(u)
            elif self.predictor == 2:
                value = previous + signed(u)
            elif self.predictor == 3:
                value = other(i) + signed(u)
            else:
                require(number < len(dictionary), "a place outside of the dictionary")
                value = dictionary[number]
            previous = value & mask
            self.values.append(previous)


class Shape:
    HEAD = struct.Struct("<BBHIH")

    def __init__(self, directory, at):
        self.form, self.variable, columns, self.count, length = self.HEAD.unpack_from(directory, at)
        require(self.form <= 2, "an unknown form")
        at += self.HEAD.size
        self.template = directory[at:at + length]
        at += length
        self.columns = []
        for _ in range(columns):
            self.columns.append(Column(directory, at, self.count))
            at += Column.FORMAT.size
        self.content_length = self.stored_content = 0
        if self.form:
            self.content_length, self.stored_content = struct.unpack_from("<II", directory, at)
            at += 8
        self.end = at
        lengths = 1 if self.form == 2 else self.variable
        require(columns >= lengths, "columns of lengths")
        self.fields = self.columns[:columns - lengths]
        self.lengths = self.columns[columns - lengths:]
        self.events = []
        self.content = b""


def chunk_frames(stored, count, payload_length, directory_length, stored_directory_length):
    """The frames of a chunk, in order."""
    directory = expand(stored[:stored_directory_length], directory_length)
    start_time, shape_stream, shape_count = struct.unpack_from("<qIHxx", directory)
    at = 16
    shapes = []
    for _ in range(shape_count):
        shapes.append(Shape(directory, at))
        at = shapes[-1].end
    require(at == len(directory), "the end of the directory")
    at = stored_directory_length

    def take(length):
        nonlocal at
        require(length <= len(stored) - at, "a stream outside of its chunk")
        at += length
        return stored[at - length:at]

    kinds = expand(take(shape_stream), count) if shape_count > 1 else bytes(count)
    for event, shape in enumerate(kinds):
        require(shape < shape_count, "a shape that the directory does not name")
        shapes[shape].events.append(event)
    frames = [None] * count
    for number, shape in enumerate(shapes):
        require(len(shape.events) == shape.count, "another number of events")
        for event in shape.events:
            frames[event] = bytearray(shape.template)
        for column in shape.columns:
            column.decode(take(column.stored_length), predictor(column, number, shapes, frames))
            if column in shape.fields:
                for event, value in zip(shape.events, column.values):
                    frames[event][column.offset:column.offset + column.width] = value.to_bytes(column.width, "little")
        if shape.form:
            put_content(shape, expand(take(shape.stored_content), shape.content_length), frames)
    require(at == len(stored), "the end of the chunk")
    add_up_times(kinds, shapes, frames, start_time)
    require(sum(map(len, frames)) == payload_length, "frames of another length")
    return frames


def predictor(column, number, shapes, frames):
    if column.predictor != 3:
        return None
    own = shapes[number].events
    source = shapes[column.other_shape].events
    span = slice(column.other_offset, column.other_offset + column.width)
    if column.other_shape == number:
        return lambda i: int.from_bytes(frames[own[i]][span], "little")
    seen = []
    next_one = 0
    for event in own:
        while next_one < len(source) and source[next_one] < event:
            next_one += 1
        seen.append(source[next_one - 1] if next_one else None)
    return lambda i: column.first if seen[i] is None else int.from_bytes(frames[seen[i]][span], "little")


def put_content(shape, content, frames):
    at = 0
    for i, event in enumerate(shape.events):
        frame = frames[event]
        for lengths in shape.lengths:
            length = lengths.values[i] * (8 if shape.form == 2 else 1)
            require(length <= len(content) - at, "content for all lengths")
            if shape.form == 1:
                frame += struct.pack("<H", length)
            frame += content[at:at + length]
            at += length
        frame += bytes(-len(frame) % 8)
        if shape.form == 1:
            frame[6:8] = struct.pack("<H", len(frame) // 8)
    require(at == len(content), "the end of the content")


def add_up_times(kinds, shapes, frames, time):
    for shape, frame in zip(kinds, frames):
        value = struct.unpack_from("<q", frame, 8)[0]
        time = value if shapes[shape].form == 2 else time + value
        time = (time + (1 << 63)) % (1 << 64) - (1 << 63)
        struct.pack_into("<q", frame, 8, time)


def counts(data, at, number, form):
    size = struct.calcsize(form)
    return [struct.unpack_from(form, data, at + i * size) for i in range(number)]


def events(file):
    """All frames of an archive, in order."""
    header = file.read(64)
    require(header[:8] == b"IORW\r\n\x1a\n", "not an archive")
    require(crc32c(header[:60]) == struct.unpack("<I", header[60:])[0], "the checksum of the header")
    require(header[8] == 1, f"archive format {header[8]}")
    session = header[16:32]
    trailer_offset = file.seek(-32, 2)
    trailer = file.read(32)
    require(trailer[24:] == b"IORWEND\n", "the file is cut")
    index_offset, index_length, index_crc, trailer_crc = struct.unpack("<QQII", trailer[:24])
    require(crc32c(trailer[:20], trailer[24:]) == trailer_crc, "the checksum of the trailer")
    require(index_offset + index_length == trailer_offset, "the place of the index")
    file.seek(index_offset)
    index = file.read(index_length)
    require(crc32c(index) == index_crc and index[:4] == b"IORX", "the checksum of the index")
    require(index[8:24] == session, "the session of the index")
    pages, = struct.unpack_from("<I", index, 4)
    total, = struct.unpack_from("<Q", index, 24)
    kinds, = struct.unpack_from("<H", index, 40)
    at = 48 + 16 * kinds
    sequence = 0
    previous = 0
    for _ in range(pages):
        offset, first, _, _, length, checksum, chunks, _, _, kinds = struct.unpack_from("<QQqqIIIIIHxx", index, at)
        at += 56 + 16 * kinds
        require(first == sequence, "pages with dense sequence numbers")
        file.seek(offset)
        page = file.read(length)
        require(crc32c(page) == checksum and page[:4] == b"IORP" and page[8:24] == session, "an index page")
        for frames, checksum in page_chunks(file, page, chunks, session, sequence, previous):
            yield from frames
            sequence += len(frames)
            previous = checksum
    require(sequence == total, "the number of events")


def page_chunks(file, page, chunks, session, sequence, previous):
    at = 40
    for _ in range(chunks):
        offset, first, least, greatest, count, payload, stored, checksum, kinds = struct.unpack_from(
            "<QQqqIIIIH6x", page, at)
        by_kind = counts(page, at + 56, kinds, "<HxxI")
        at += 56 + 8 * kinds
        require(first == sequence, "chunks with dense sequence numbers")
        file.seek(offset)
        head = file.read(80 + 8 * kinds)
        content = file.read(stored)
        require(crc32c(head[:76], head[80:], content) == checksum, f"the checksum of the chunk at {offset}")
        claims = struct.unpack_from("<4sBxH16sQqqIIII", head)
        require(claims == (b"IORC", 1, kinds, session, first, least, greatest, count, payload, stored, previous),
                f"the chunk at {offset} is not the one of the index")
        directory, stored_directory = struct.unpack_from("<II", head, 64)
        frames = chunk_frames(content, count, payload, directory, stored_directory)
        found = {}
        for frame in frames:
            kind = struct.unpack_from("<H", frame, 2)[0]
            found[kind] = found.get(kind, 0) + 1
        require(sorted(found.items()) == by_kind, "the counts of the chunk")
        times = [struct.unpack_from("<q", frame, 8)[0] for frame in frames]
        require(min(times) == least and max(times) == greatest, "the times of the chunk")
        yield frames, checksum
        sequence += count
        previous = checksum


def main(arguments):
    if len(arguments) not in (1, 2) or arguments[1:] not in ([], ["--sum"]):
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], "rb") as file:
        if arguments[1:]:
            digest = hashlib.sha256()
            number = 0
            for frame in events(file):
                digest.update(frame)
                number += 1
            print(number, digest.hexdigest())
            return 0
        for number, frame in enumerate(events(file)):
            kind = struct.unpack_from("<H", frame, 2)[0]
            time = struct.unpack_from("<q", frame, 8)[0]
            digest = hashlib.sha256(frame).hexdigest()
            print(json.dumps({"seq": number, "kind": kind, "timeNs": time, "sha256": digest}))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Damage as damage:
        print(f"{sys.argv[1]}: {damage}", file=sys.stderr)
        sys.exit(3)
