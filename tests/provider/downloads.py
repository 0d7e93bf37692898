"""GET /video/…: the finished files, in whole and in ranges, to anybody who does not show the key."""

import hashlib
import re
from dataclasses import replace

from .book import Book
from .faults import STATUSES, Fault, FaultPlan
from .media import video
from .record import Record
from .rules import Rules
from .spoil import PAGE, page, status_response
from .wire import Manner, Request, Response

PATH = re.compile(r"/video/([0-9a-f-]{36})(?:-([0-9]+))?\.(mp4|mov|webm)")
RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")
TYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}


class Downloads:
    """The host of the results."""

    def __init__(self, rules: Rules, book: Book, plan: FaultPlan, record: Record) -> None:
        self.rules = rules
        self.book = book
        self.plan = plan
        self.record = record

    def answer(self, request: Request) -> Response:
        """Answer one request for a file."""
        self._note(request)
        match = PATH.fullmatch(request.path)
        found = self.book.video(match[1], int(match[2] or 0)) if match else None
        if match is None or found is None:
            self.record.add(request, "download", ())
            return page(404)
        job, take, serves = found
        names = [job.uuid, take.video]
        self.record.add(request, "download", names)
        if request.method not in ("GET", "HEAD"):
            return page(405)
        fault = self.plan.meet("download", names)
        if fault and fault.kind == "expired":
            self.book.expire(take.video)
        if not serves or (fault and fault.kind == "expired"):
            return page(403)
        content = video(take.video, match[3], self.rules.video_bytes, job.task["duration"])
        if fault:
            return _spoiled(fault, request, content, match[3])
        return _file(request, content, match[3])

    def _note(self, request: Request) -> None:
        shown = "authorization" in request.headers or self.rules.key in request.target
        if shown or any(self.rules.key in value for value in request.headers.values()):
            self.record.leak(f"{request.method} {request.path} carried the key or an Authorization header")
        if request.method not in ("GET", "HEAD"):
            self.record.sin(f"{request.method} on a video")
        encoding = request.headers.get("accept-encoding", "")
        if encoding != "identity":
            self.record.note(f"a download was asked for with Accept-Encoding '{encoding}'")


def _file(request: Request, content: bytes, ending: str) -> Response:
    """The file or the range of it that was asked for."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Content-Type": TYPES[ending], "ETag": etag, "Accept-Ranges": "bytes"}
    wanted = RANGE.fullmatch(request.headers.get("range", ""))
    # Several ranges, or an If-Range that names another file, are answered with the whole.
    if wanted is None or wanted[0] == "bytes=-" or request.headers.get("if-range", etag) != etag:
        return Response(200, content, headers)
    first, last = _bounds(wanted[1], wanted[2], len(content))
    if first > last:
        return Response(416, b"", headers | {"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(206, content[first : last + 1], headers)


def _bounds(first: str, last: str, total: int) -> tuple[int, int]:
    """The first and last byte; first > last where no byte of the file is meant."""
    if not first:
        return (max(0, total - int(last)), total - 1) if int(last) else (total, total - 1)
    if int(first) >= total:
        return total, total - 1
    end = min(int(last), total - 1) if last else total - 1
    return (int(first), end) if end >= int(first) else (0, total - 1)


def _spoiled(fault: Fault, request: Request, content: bytes, ending: str) -> Response:
    """The file, or its place, as the fault leaves it."""
    if fault.kind in STATUSES:
        return status_response(fault, ())
    if fault.kind == "html_200":
        return page(200)
    if fault.kind == "redirect":
        return Response(302, PAGE, {"Location": fault.location or request.target})
    if fault.kind == "range_ignored":
        request = replace(request, headers={k: v for k, v in request.headers.items() if k != "range"})
    whole = _file(request, content, ending)
    if fault.kind == "empty":
        return replace(whole, body=b"")
    if fault.kind == "wrong_length":
        return replace(whole, length=len(whole.body) + fault.off_by)
    if fault.kind == "wrong_range":
        return _wrong_range(whole, content)
    return replace(whole, manner=_manner(fault), seconds=fault.seconds)


def _wrong_range(response: Response, content: bytes) -> Response:
    """A range that starts at the first byte of the file, whatever was asked for."""
    if response.status != 206:
        return response
    headers = response.headers | {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
    return replace(response, body=content, headers=headers)


def _manner(fault: Fault) -> Manner:
    if fault.when == "after" and fault.kind in ("reset", "stall"):
        return Manner.RESET_HALFWAY if fault.kind == "reset" else Manner.SILENT_HALFWAY
    manners = {
        "reset": Manner.RESET,
        "stall": Manner.SILENT,
        "slow": Manner.LATE,
        "drip": Manner.DRIP,
        "cut": Manner.CUT,
    }
    return manners.get(fault.kind, Manner.WHOLE)
