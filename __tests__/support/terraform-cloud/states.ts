import { createHash } from "node:crypto";
import { Collection } from "./collection";
import { ApiError, type JsonApiResource, related } from "./json-api";

interface StateFile {
  readonly lineage: string;
  readonly serial: number;
  readonly terraform_version: string;
  readonly outputs?: Readonly<
    Record<string, { readonly value: unknown; readonly type: unknown; readonly sensitive?: boolean }>
  >;
}

/** A state version as a request describes it. */
interface NewVersion {
  readonly serial: number;
  readonly md5: string;
  readonly lineage?: string;
  readonly force?: boolean;
  /** Base64 of the state; without it, the client uploads the state to the version's URL. */
  readonly state?: string;
}

/**
 * Versions of the states of all workspaces.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-versions
 */
export class States {
  private readonly versions = new Collection("state-versions", "sv");
  private readonly files = new Map<string, Buffer>();

  /** `urlOf` is the URL of an uploaded object; `onChange` is called with the workspace of a new version. */
  constructor(
    private readonly urlOf: (object: string) => string,
    private readonly onChange: (workspace: string) => void,
  ) {}

  create(workspace: string, attributes: NewVersion): JsonApiResource {
    const current = this.currentFile(workspace);
    if (current !== undefined && attributes.force !== true) {
      if (attributes.lineage !== undefined && attributes.lineage !== current.lineage)
        throw new ApiError(409, "conflict", "lineage does not match the workspace's state");
      if (attributes.serial < current.serial)
        throw new ApiError(409, "conflict", `serial ${attributes.serial} is older than ${current.serial}`);
      if (attributes.serial === current.serial && attributes.md5 !== this.md5Of(workspace))
        throw new ApiError(409, "conflict", `serial ${attributes.serial} exists with another MD5`);
    }
    const version = this.versions.create({
      attributes: {
        serial: attributes.serial,
        md5: attributes.md5,
        status: "pending",
        "created-at": new Date().toISOString(),
      },
      relationships: { workspace: { data: { id: workspace, type: "workspaces" } } },
    });
    const { id } = version;
    this.versions.update(id, {
      attributes: {
        "hosted-state-download-url": this.urlOf(`state/${id}`),
        "hosted-state-upload-url": this.urlOf(`state/${id}`),
        "hosted-json-state-upload-url": this.urlOf(`json-state/${id}`),
      },
    });
    if (attributes.state !== undefined) this.upload(id, Buffer.from(attributes.state, "base64"));
    return this.versions.get(id);
  }

  /** Takes the content of a version, whose MD5 must be the announced one. */
  upload(id: string, content: Buffer): void {
    const version = this.versions.get(id);
    const md5 = createHash("md5").update(content).digest("hex");
    if (md5 !== version.attributes.md5) throw new ApiError(422, "invalid attribute", "MD5 does not match");
    this.files.set(id, content);
    this.versions.update(id, { attributes: { status: "finalized", "resources-processed": true } });
    this.onChange(related(version, "workspace")?.id ?? "");
  }

  download(id: string): Buffer {
    const file = this.files.get(id);
    if (file === undefined) throw new ApiError(404, "not found");
    return file;
  }

  get(id: string): JsonApiResource {
    return this.versions.get(id);
  }

  /** All versions of a workspace that have a state, newest first. */
  of(workspace: string): JsonApiResource[] {
    return this.versions
      .where((one) => related(one, "workspace")?.id === workspace && this.files.has(one.id))
      .reverse();
  }

  /** The outputs of the current state, with the type that Terraform needs to read them. */
  outputs(workspace: string): JsonApiResource[] {
    const [current] = this.of(workspace);
    return Object.entries(this.currentFile(workspace)?.outputs ?? {}).map(
      ([name, { value, type, sensitive = false }]) => ({
        id: `wsout-${current?.id}-${name}`,
        type: "state-version-outputs",
        attributes: { name, sensitive, value, type, "detailed-type": type },
      }),
    );
  }

  private currentFile(workspace: string): StateFile | undefined {
    const [current] = this.of(workspace);
    return current && (JSON.parse(this.download(current.id).toString()) as StateFile);
  }

  private md5Of(workspace: string): unknown {
    return this.of(workspace)[0]?.attributes.md5;
  }
}
