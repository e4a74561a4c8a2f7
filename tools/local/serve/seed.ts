import { Client } from "pg";
import type { CertificateAuthority } from "../servers/certificates";
import type { DataPlane } from "./data-plane";

const mebibyte = 1024 * 1024;

/** A few media in every state, so that a first look shows something. */
const media = [
  [
    "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a01",
    "Sunrise over the bay",
    "video/mp4",
    48 * mebibyte,
    "ready",
    null,
    62.5,
  ],
  [
    "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a02",
    "Street music, Lisboa",
    "video/quicktime",
    211 * mebibyte,
    "ready",
    null,
    184,
  ],
  [
    "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a03",
    "How to tie a bowline",
    "video/mp4",
    17 * mebibyte,
    "processing",
    null,
    null,
  ],
  [
    "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a04",
    "Holiday notes",
    "video/webm",
    5 * mebibyte,
    "registered",
    null,
    null,
  ],
  [
    "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a05",
    "Broken upload",
    "video/mp4",
    mebibyte,
    "failed",
    "not a video",
    null,
  ],
] as const;

/** Adds the sample media that are missing; returns how many there are in all. Logs in as the master, as AWS demands. */
export async function seed({ database }: DataPlane, authority: CertificateAuthority): Promise<number> {
  const client = new Client({
    host: "127.0.0.1",
    port: database.localPort,
    database: database.name,
    user: database.masterUser,
    password: database.masterPassword,
    ssl: { ca: authority.cert, servername: database.host },
  });
  await client.connect();
  try {
    for (const row of media) {
      await client.query(
        `INSERT INTO media (id, title, content_type, size_bytes, status, failure_reason, duration_seconds)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
        [...row],
      );
    }
    const { rows } = await client.query<{ count: string }>("SELECT count(*) FROM media");
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
