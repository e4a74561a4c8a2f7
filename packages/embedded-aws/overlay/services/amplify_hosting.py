"""Pages of Amplify Hosting: zips deployed manually to branches, see amplify.py."""

from __future__ import annotations

import base64
import fnmatch
import io
import mimetypes
import time
import zipfile
from typing import Any, Dict, Optional, Tuple
from urllib.parse import unquote

import yaml

from .. import location, rest, routes
from ..rest import Reply, Request
from ..store import BACKENDS

PREFIX = "/moto-api/overlay/amplify"
# Amplify's cache header of files without custom headers.
CACHED = "public, max-age=0, s-maxage=31536000"


def deployments(request: Request) -> Reply:
    """CreateDeployment, and StartDeployment of the uploaded zip."""
    held, app, key = request.things(), request.path[1], "/".join(request.path[1:4])
    if key not in held:
        return rest.error(404, "NotFoundException", f"{key} does not exist")
    if held[app]["repository"]:
        message = "Operation not supported. App is already connected a repository."
        return rest.error(400, "BadRequestException", message)
    if request.path[-1] != "start":
        if request.body.get("fileMap"):
            return rest.error(501, "NotImplemented", "deployments with a file map are not implemented, only zips")
        number = str(int(held[key]["totalNumberOfJobs"]) + 1)
        held[key]["totalNumberOfJobs"] = number
        held[f"{key}/jobs/{number}"] = {"jobId": number, "jobType": "MANUAL", "status": "CREATED"}
        url = f"{location.base_url}{PREFIX}/uploads/{request.account}/{request.region}/{key}/{number}"
        return rest.reply({"jobId": number, "zipUploadUrl": url, "fileUploadUrls": {}})
    number = request.body.get("jobId", "")
    job = held.get(f"{key}/jobs/{number}")
    if job is None:
        return rest.error(404, "NotFoundException", f"{key} has no job {number}")
    if job["status"] != "UPLOADED":
        return rest.error(400, "BadRequestException", "The zip of this deployment was not uploaded")
    now = time.time()
    fixed = {"commitId": "HEAD", "commitMessage": "", "commitTime": now, "startTime": now, "endTime": now}
    job.update(fixed, jobArn=request.arn(f"apps/{key}/jobs/{number}"), status="PENDING")
    return rest.reply({"jobSummary": summary(job)})


def jobs(request: Request) -> Reply:
    """GetJob: a started deployment succeeds at the next call, if its zip is readable."""
    held, key = request.things(), "/".join(request.path[1:4])
    job = held.get(f"{key}/jobs/{request.path[-1]}")
    if job is None:
        return rest.error(404, "NotFoundException", f"{key} has no job {request.path[-1]}")
    if job["status"] == "PENDING":
        files = unpacked(base64.b64decode(job["zip"]))
        job["status"] = "FAILED" if files is None else "SUCCEED"
        if files is not None:
            held[key]["activeJobId"] = job["jobId"]
            held[f"{key}/files"] = files
    return rest.reply({"job": {"summary": summary(job), "steps": []}})


def summary(job: Dict[str, Any]) -> Dict[str, Any]:
    return {name: value for name, value in job.items() if name != "zip"}


def unpacked(content: bytes) -> Optional[Dict[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {
                name: base64.b64encode(archive.read(name)).decode()
                for name in archive.namelist()
                if not name.endswith("/")
            }
    except zipfile.BadZipFile:
        return None


@routes.path(f"{PREFIX}/uploads/.+")
def upload(environ: dict, body: bytes) -> Reply:
    """Upload URL of the zip, in place of AWS's presigned S3 URL."""
    account, region, *rest_of_path = environ["PATH_INFO"][len(f"{PREFIX}/uploads/") :].split("/")
    app, _, branch, number = rest_of_path
    job = BACKENDS[account]["us-east-1"].things.get(f"amplify/{region}", {}).get(f"{app}/branches/{branch}/jobs/{number}")
    if job is None or environ["REQUEST_METHOD"] != "PUT":
        return 403, {"message": "unknown upload URL"}, []
    job.update(zip=base64.b64encode(body).decode(), status="UPLOADED")
    return 200, {}, []


@routes.path(f"{PREFIX}/pages/.+")
def page(environ: dict, _body: bytes) -> Reply:
    """Serves `…/pages/<branch>.<app>.amplifyapp.com/<path>` with the app's custom rules and headers."""
    host, _, path = environ["PATH_INFO"][len(f"{PREFIX}/pages/") :].partition("/")
    branch, app, *_ = host.split(".")
    held = branch_files(app, branch)
    if held is None:
        return 404, f"nothing is deployed to {host}", [("Content-Type", "text/plain; charset=utf-8")]
    settings, files = held
    name = unquote(path) or "index.html"
    status = 200
    if name not in files:
        rule = next((one for one in settings["customRules"] if one["source"] == "/<*>"), None)
        name = rule["target"].lstrip("/") if rule else ""
        status = 404 if rule is None or rule.get("status") == "404" else 200
    if name not in files:
        return 404, "", [("Content-Type", "text/plain; charset=utf-8")]
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Content-Type": kind, "Cache-Control": CACHED, **custom_headers(settings, name)}
    return status, base64.b64decode(files[name]), list(headers.items())


def branch_files(app: str, branch: str) -> Optional[Tuple[Dict[str, Any], Dict[str, str]]]:
    for account in list(BACKENDS):
        for name, held in BACKENDS[account]["us-east-1"].things.items():
            if name.startswith("amplify/") and f"{app}/branches/{branch}/files" in held:
                return held[app], held[f"{app}/branches/{branch}/files"]
    return None


def custom_headers(settings: Dict[str, Any], name: str) -> Dict[str, str]:
    said = yaml.safe_load(settings.get("customHeaders") or "[]")
    # Apps of older runs may still have the original form.
    said = said["customHeaders"] if isinstance(said, dict) else said
    matching = [one for one in said if fnmatch.fnmatch(name, one["pattern"].lstrip("/"))]
    return {header["key"]: str(header["value"]) for one in matching for header in one["headers"]}
