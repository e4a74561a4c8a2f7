import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A reference to content by its digest: https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** An image of one platform in an OCI image layout. */
export interface LayoutImage {
  readonly manifest: Descriptor & { readonly bytes: Buffer };
  /** Configuration and layers. */
  readonly blobs: readonly Descriptor[];
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

const isIndex = ({ mediaType }: Descriptor): boolean => /index|manifest\.list/.test(mediaType);

export const blobFile = (layout: string, { digest }: Pick<Descriptor, "digest">): string =>
  join(layout, "blobs", ...digest.split(":"));

/** Reads the one image of an OCI image layout, the folder that builders write. Throws if it has none or several. */
export function readLayout(layout: string): LayoutImage {
  const file = join(layout, "index.json");
  if (!existsSync(file)) throw new Error(`${layout} is not an OCI image layout: it has no index.json`);
  let index = JSON.parse(readFileSync(file, "utf8")) as { manifests: readonly Descriptor[] };
  for (;;) {
    const [only, ...others] = index.manifests;
    if (only === undefined || others.length > 0)
      throw new Error(`${layout} has ${index.manifests.length} images instead of one`);
    const bytes = readFileSync(blobFile(layout, only));
    if (!isIndex(only)) {
      const { config, layers } = JSON.parse(bytes.toString("utf8")) as Manifest;
      return { manifest: { ...only, bytes }, blobs: [config, ...layers] };
    }
    index = JSON.parse(bytes.toString("utf8")) as typeof index;
  }
}
