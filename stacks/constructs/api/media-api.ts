import type { Permission } from "../../lib/permissions";
import bodies from "./api-models.json";
import type { Integration, Routes } from "./api-routes";
import type { Storage } from "../data/storage";

/** Routes of the media API. `npm run openapi` generates body schemas from the function's own. */
export function mediaRoutes(media: Integration): Routes {
  return {
    "GET /media": media,
    "POST /media": { integration: media, body: bodies["POST /media"] },
    "GET /media/{id}": media,
    "DELETE /media/{id}": media,
    "POST /media/{id}/upload/parts": {
      integration: media,
      body: bodies["POST /media/{id}/upload/parts"],
    },
    "POST /media/{id}/upload/complete": {
      integration: media,
      body: bodies["POST /media/{id}/upload/complete"],
    },
    "POST /media/{id}/upload/abort": media,
    "GET /media/{id}/playback": media,
    "GET /health": media,
    "GET /openapi.json": media,
  };
}

/** Permissions of the media function on objects; they also limit its presigned URLs. */
export function mediaPermissions({ uploads, streams }: Storage): Permission[] {
  return [
    uploads.write("uploads/"),
    uploads.read("uploads/"),
    uploads.listParts("uploads/"),
    uploads.remove("uploads/"),
    streams.list("stream/"),
    streams.remove("stream/"),
  ];
}
