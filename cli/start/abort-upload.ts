import { fetchApi, type Creator } from "./creator";

interface Begun {
  readonly media: { readonly id: string };
  readonly upload: { readonly parts: readonly { readonly url: string }[] };
}

/** Starts an upload, sends one part and aborts it. Throws if the API behaves differently. */
export async function abortUpload(creator: Creator): Promise<void> {
  const part = Buffer.alloc(1_024, "x");
  const { media, upload } = await fetchApi<Begun>(creator, {
    method: "POST",
    path: "/media",
    body: { title: "Given up", contentType: "video/mp4", sizeBytes: part.length },
  });
  const fresh = await fetchApi<Begun["upload"]>(creator, {
    method: "POST",
    path: `/media/${media.id}/upload/parts`,
    body: { partNumbers: [1] },
  });
  const put = await fetch(fresh.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(part) });
  if (!put.ok) throw new Error(`S3 answered ${put.status} to a part with a new URL`);
  await fetchApi(creator, { method: "POST", path: `/media/${media.id}/upload/abort` });
  const late = await fetch(upload.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(part) });
  if (late.ok) throw new Error("S3 accepted a part of an aborted upload");
  await remove(creator, media.id);
}

/** Deletes a media as its creator. Throws if it still exists. */
export async function remove(creator: Creator, id: string): Promise<void> {
  await fetchApi(creator, { method: "DELETE", path: `/media/${id}` });
  const headers = { authorization: `Bearer ${creator.token}` };
  const { status } = await fetch(`${creator.url}/api/me/media/${id}`, { headers });
  if (status !== 404) throw new Error(`GET /me/media/${id} answered ${status} after it was deleted`);
}
