"""The embedded AWS's data, saved in a file between runs."""

from __future__ import annotations

import importlib
import io
import marshal
import os
import pickle
import sys
import threading
import time
from pathlib import Path
from types import CellType, FunctionType
from typing import Any, BinaryIO, Dict, Optional, Tuple
from weakref import WeakValueDictionary

import moto
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from moto.backends import get_backend
from moto.core.base_backend import BackendDict

from .store import BACKENDS

# Increased when the format changes.
FORM = 2
VERSION = (FORM, moto.__version__, sys.version_info[:2])

Key = Tuple[str, str, str]


LOCK, RLOCK = type(threading.Lock()), type(threading.RLock())


class Pickler(pickle.Pickler):
    """Pickles what the standard pickler does not: locks, weak dictionaries, and functions made in functions.

    A backend that a model refers to is kept by its place: its attributes are what is being written.
    """

    def __init__(self, stream: BinaryIO, places: Dict[int, Key]):
        super().__init__(stream, pickle.HIGHEST_PROTOCOL)
        self.places = places

    def persistent_id(self, value: Any) -> Optional[Key]:
        return self.places.get(id(value))

    def reducer_override(self, value: Any) -> Any:
        if type(value) is LOCK:
            return threading.Lock, ()
        if type(value) is RLOCK:
            return threading.RLock, ()
        if isinstance(value, WeakValueDictionary):
            return WeakValueDictionary, (dict(value),)
        if isinstance(value, BackendDict):
            return backends_of, (value.service_name,)
        if isinstance(value, (RSAPrivateKey, EllipticCurvePrivateKey)):
            pem = value.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            return private_key, (pem,)
        if isinstance(value, x509.Certificate):
            return certificate, (value.public_bytes(Encoding.PEM),)
        if isinstance(value, FunctionType) and "<locals>" in value.__qualname__:
            cells = tuple(cell.cell_contents for cell in value.__closure__ or ())
            return function, (value.__module__, marshal.dumps(value.__code__), value.__defaults__, cells)
        return NotImplemented


class Unpickler(pickle.Unpickler):
    def persistent_load(self, place: Key) -> Any:
        service, account, region = place
        return backends_of(service)[account][region]


def backends_of(service: str) -> BackendDict:
    return BACKENDS if service == BACKENDS.service_name else get_backend(service)


def private_key(pem: bytes) -> Any:
    return load_pem_private_key(pem, None)


def certificate(pem: bytes) -> Any:
    return x509.load_pem_x509_certificate(pem)


def function(module: str, code: bytes, defaults: Any, cells: Tuple[Any, ...]) -> FunctionType:
    """Restores a function, such as the default of a defaultdict."""
    names = importlib.import_module(module).__dict__
    closure = tuple(CellType(value) for value in cells)
    return FunctionType(marshal.loads(code), names, None, defaults, closure)


SAVING = threading.Lock()
# Data may still change during a dump: threads that wait for the interpreter when it begins may interrupt it once.
RETRIES = 20
# Seconds after which another thread may interrupt a dump, which takes less.
UNDISTURBED = 60.0


def save(file: Path) -> int:
    """Writes the state atomically while requests are served; returns its size in bytes."""
    with SAVING:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        with partial.open("wb") as stream:
            size = stream.write(dumped())
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
        return size


def dumped() -> memoryview:
    """The state of one moment: other threads wait meanwhile, as a dump into memory never waits itself."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(UNDISTURBED)
    try:
        for turn in range(RETRIES):
            try:
                return dump()
            except RuntimeError:  # a dictionary changed its size during the dump
                time.sleep(0.01 * turn)
        return dump()
    finally:
        sys.setswitchinterval(interval)


def dump() -> memoryview:
    held: Dict[Key, Any] = {}
    places: Dict[int, Key] = {}
    for backends in {id(one): one for one in BackendDict._instances}.values():
        for account, region, backend in backends.iter_backends():
            place = (backends.service_name, account, region)
            held[place] = backend.__dict__
            places[id(backend)] = place
    stream = io.BytesIO()
    Pickler(stream, places).dump((VERSION, held))
    return stream.getbuffer()


def load(file: Path) -> Optional[str]:
    """Loads the state. Returns a message if that fails; the file is renamed then."""
    if not file.exists():
        return None
    try:
        with file.open("rb") as stream:
            version, held = Unpickler(stream).load()
        if version != VERSION:
            raise ValueError(f"written by {version}, this is {VERSION}")
    except Exception as error:  # whatever a damaged file makes pickle raise
        aside = file.with_suffix(".unreadable")
        file.replace(aside)
        return f"can't read the state of the last run ({error}): starting empty, the file is now {aside}"
    for (service, account, region), attributes in held.items():
        backends_of(service)[account][region].__dict__.update(attributes)
    return None
