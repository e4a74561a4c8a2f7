import type { Permission } from "../../lib/permissions";
import type { Integration, Routes } from "./api-routes";
import routes from "./media-routes.json";
import type { Storage } from "../data/storage";

/** Routes of the media API, as `npm run openapi` writes them from the operations of the function. */
export function mediaRoutes(media: Integration): Routes {
  return Object.fromEntries(
    Object.entries(routes).map(([route, options]) => [route, { integration: media, ...options }]),
  );
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
