import {
  CognitoIdentityProviderClient,
  ListUserPoolsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { clientConfig } from "../../packages/embedded-aws/client";
import { type Creator, fetchApi } from "../../cli/start/creator";
import { signInSampleUser } from "../../cli/start/sample-user";
import type { Config } from "../../web/src/config";
import { committedSettingsOf } from "../support/synth";

/** A second creator, who exists once `signedIn` was called for it. */
export const ANOTHER_USER: Credentials = { email: "another@example.com", password: "Another-creator-1" };

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Place {
  readonly url: string;
  /** URL of the embedded AWS. */
  readonly endpoint: string;
}

/** Signs a creator in, past the console. */
export async function signedIn({ url, endpoint }: Place, user: Credentials): Promise<Creator> {
  const { userPoolClientId } = (await (await fetch(`${url}/static/config.json`)).json()) as Config;
  const aws = clientConfig(endpoint, committedSettingsOf("dev").region);
  const { UserPools = [] } = await new CognitoIdentityProviderClient(aws).send(
    new ListUserPoolsCommand({ MaxResults: 10 }),
  );
  const pool = { userPoolId: UserPools[0]?.Id ?? "", clientId: userPoolClientId };
  return { url, token: await signInSampleUser(aws, pool, user) };
}

/** Registers a public video of the second creator, which is never uploaded. */
export async function registerOfAnother(place: Place, title: string): Promise<void> {
  const body = { title, visibility: "public", contentType: "video/mp4", sizeBytes: 1 };
  await fetchApi(await signedIn(place, ANOTHER_USER), { method: "POST", path: "/media", body });
}
