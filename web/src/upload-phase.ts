/**
 * `queued` behind other uploads, `sending`, `waiting` for the network or the service, `paused` by the creator, or
 * `failed`.
 */
export type UploadPhase = "queued" | "sending" | "waiting" | "paused" | "failed";
