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

/** How long the token is good for if it could not be deleted, in seconds. */
const TOKEN_LIFETIME_S = 900;

/** Runs work with a token for a workspace's Grafana, made for it and deleted after it, however it ends. */
export async function withToken<Result>(
  client: GrafanaClient,
  workspaceId: string,
  work: (access: GrafanaAccess) => Promise<Result>,
): Promise<Result> {
  const { workspace } = await client.send(new DescribeWorkspaceCommand({ workspaceId }));
  const { endpoint, status } = workspace ?? {};
  if (endpoint === undefined || status !== "ACTIVE") {
    throw new Error(`the Grafana workspace ${workspaceId} must be ACTIVE, it is ${status ?? "not there"}`);
  }
  const name = `streamflow-provisioning-${randomUUID().slice(0, 8)}`;
  // Only an administrator may make data sources.
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
