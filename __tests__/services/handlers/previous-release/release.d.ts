/** The types of this release; what the previous one lacks is not called. */
export { Database } from "../../../../handlers/services/database";
export { PostgresLeftovers } from "../../../../handlers/services/leftovers";
export { PostgresMediaRegistry } from "../../../../handlers/services/media-registry";
export { PostgresMediaRepository } from "../../../../handlers/services/media-repository";
export { MediaStatuses } from "../../../../handlers/services/media-statuses";

/** Where it was recorded from, and the number of its migrations. */
export const release: { readonly commit: string; readonly migrations: number };
