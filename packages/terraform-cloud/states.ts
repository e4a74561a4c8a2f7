import { createHash } from "node:crypto";
import { type ApiResource, type TerraformCloudClient, TerraformCloudError } from "./client";

/** A version of a workspace's state. */
export interface WorkspaceStateVersion {
  readonly id: string;
  readonly time: Date;
  readonly serial: number;
  readonly downloadUrl: string;
}

export interface WorkspaceName {
  readonly organization: string;
  readonly workspace: string;
}

/** All versions of a state, newest first; empty if there is none. */
export async function stateVersions(
  client: TerraformCloudClient,
  { organization, workspace }: WorkspaceName,
): Promise<WorkspaceStateVersion[]> {
  const filter = new URLSearchParams({
    "filter[organization][name]": organization,
    "filter[workspace][name]": workspace,
  });
  const versions = await client.list(`/state-versions?${filter.toString()}`);
  return versions.map(versionOf).sort((one, other) => +other.time - +one.time || other.serial - one.serial);
}

/** The newest version of a state; undefined if there is none, or no such workspace. */
export async function currentState(
  client: TerraformCloudClient,
  place: WorkspaceName,
): Promise<WorkspaceStateVersion | undefined> {
  const [current] = await stateVersions(client, place).catch((error: unknown) => {
    if (error instanceof TerraformCloudError && error.status === 404) return [];
    throw error;
  });
  return current;
}

function versionOf({ id, attributes }: ApiResource): WorkspaceStateVersion {
  return {
    id,
    time: new Date(attributes["created-at"] as string),
    serial: Number(attributes.serial),
    downloadUrl: attributes["hosted-state-download-url"] as string,
  };
}

/**
 * Stores a state file as it is, with its serial and lineage, under the workspace's lock. `terraform state push` would begin
 * another lineage in an empty workspace, and count the serial on.
 */
export async function storeState(
  client: TerraformCloudClient,
  workspaceId: string,
  content: string,
): Promise<void> {
  const { serial, lineage } = JSON.parse(content) as { serial: number; lineage: string };
  await client.act(`/workspaces/${workspaceId}/actions/lock`);
  try {
    await client.create(`/workspaces/${workspaceId}/state-versions`, {
      type: "state-versions",
      attributes: {
        serial,
        lineage,
        md5: createHash("md5").update(content).digest("hex"),
        state: Buffer.from(content).toString("base64"),
      },
    });
  } finally {
    await client.act(`/workspaces/${workspaceId}/actions/unlock`);
  }
}
