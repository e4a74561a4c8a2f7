"""S3: versions and delete markers in one list, latest first, as in AWS."""

from __future__ import annotations

from itertools import islice
from typing import Any, Callable, Iterator, Tuple
from urllib.parse import quote
from xml.sax.saxutils import escape

from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response

from ..registry import replaces

Stored = Tuple[Any, bool]


@replaces(S3Response, "list_object_versions", "s3", "ListObjectVersions", "returns all versions before all delete markers, which loses the order of changes within one second; copies the whole bucket for each page")
def list_object_versions(original: Callable, self: S3Response) -> Any:
    query = {name: values[0] for name, values in self.querystring.items()}
    if "delimiter" in query:
        return original(self)
    bucket = self.backend.get_bucket(self.bucket_name)
    after = (query.get("key-marker") or "", query.get("version-id-marker") or "")
    most = min(int(query.get("max-keys", 1000)), 1000)
    found = list(islice(behind(stored(bucket, query.get("prefix") or ""), after), most + 1))
    page, more = found[:most], len(found) > most
    by_url = query.get("encoding-type") == "url"
    encode = quote if by_url else escape
    last = page[-1][0] if page and more else None
    following = (
        ""
        if last is None
        else f"<NextKeyMarker>{encode(last.name)}</NextKeyMarker><NextVersionIdMarker>{version_of(last)}</NextVersionIdMarker>"
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>{bucket.name}</Name><Prefix>{encode(query.get('prefix') or '')}</Prefix>"
        f"<KeyMarker>{encode(after[0])}</KeyMarker><VersionIdMarker>{after[1]}</VersionIdMarker>"
        f"{'<EncodingType>url</EncodingType>' if by_url else ''}<MaxKeys>{most}</MaxKeys><IsTruncated>{str(more).lower()}</IsTruncated>{following}"
        f"{''.join(element(entry, latest, encode) for entry, latest in page)}</ListVersionsResult>"
    )
    self.data["Action"] = "ListObjectVersions"
    return 200, {"content-type": "application/xml"}, text


def stored(bucket: FakeBucket, prefix: str) -> Iterator[Stored]:
    """All entries with a prefix by key, latest first, each with whether it is the latest."""
    keys = bucket.keys
    for key in sorted(key for key in keys if key.startswith(prefix)):
        for age, entry in enumerate(reversed(keys.getlist(key))):
            yield entry, age == 0


def behind(entries: Iterator[Stored], after: Tuple[str, str]) -> Iterator[Stored]:
    """Entries after a key or one of its versions."""
    key, version = after
    passed = False
    for entry, latest in entries:
        if entry.name > key or (entry.name == key and passed):
            yield entry, latest
        elif entry.name == key and version_of(entry) == version:
            passed = True


def version_of(entry: Any) -> str:
    return entry.version_id or "null"


def element(entry: Any, latest: bool, encode: Callable[[str], str]) -> str:
    common = (
        f"<Key>{encode(entry.name)}</Key><VersionId>{version_of(entry)}</VersionId>"
        f"<IsLatest>{str(latest).lower()}</IsLatest><LastModified>{entry.last_modified_ISO8601}</LastModified>"
        "<Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner>"
    )
    if isinstance(entry, FakeDeleteMarker):
        return f"<DeleteMarker>{common}</DeleteMarker>"
    about = f"<ETag>{escape(entry.etag)}</ETag><Size>{entry.size}</Size><StorageClass>{entry.storage_class}</StorageClass>"
    return f"<Version>{common}{about}</Version>"
