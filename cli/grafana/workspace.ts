import { randomUUID } from "node:crypto";
import {
  CreateWorkspaceServiceAccountCommand,
  CreateWorkspaceServiceAccountTokenCommand,
  DeleteWorkspaceServiceAccountCommand,
  DeleteWorkspaceServiceAccountTokenCommand,
  DescribeWorkspaceCommand,
  type GrafanaClient,
} from "@aws-sdk/client-grafana";
import type { GrafanaAccess } from "./http";

/** Lifetime of the token in seconds, in case it can't be deleted. */
const TOKEN_LIFETIME_S = 900;

/** Creates a token for a workspace's Grafana, runs `work` with it, and deletes it in any case. */
export async function withToken<Result>(
  client: GrafanaClient,
  workspaceId: string,
  work: (access: GrafanaAccess) => Promise<Result>,
): Promise<Result> {
  const { workspace } = await client.send(new DescribeWorkspaceCommand({ workspaceId }));
  const { endpoint, status } = workspace ?? {};
  if (endpoint === undefined || status !== "ACTIVE") {
    throw new Error(`the Grafana workspace ${workspaceId} must be ACTIVE, is ${status ?? "missing"}`);
  }
  const name = `streamflow-provisioning-${randomUUID().slice(0, 8)}`;
  // Only administrators can create data sources.
  const { id: serviceAccountId = "" } = await client.send(
    new CreateWorkspaceServiceAccountCommand({ workspaceId, name, grafanaRole: "ADMIN" }),
  );
  try {
    const account = { workspaceId, serviceAccountId };
    const { serviceAccountToken } = await client.send(
      new CreateWorkspaceServiceAccountTokenCommand({ ...account, name, secondsToLive: TOKEN_LIFETIME_S }),
    );
    const { id: tokenId = "", key: token = "" } = serviceAccountToken ?? {};
    try {
      return await work({ url: `https://${endpoint}`, token });
    } finally {
      await client.send(new DeleteWorkspaceServiceAccountTokenCommand({ ...account, tokenId }));
    }
  } finally {
    await client.send(new DeleteWorkspaceServiceAccountCommand({ workspaceId, serviceAccountId }));
  }
}
