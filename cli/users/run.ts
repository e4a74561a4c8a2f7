import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  type UserType,
} from "@aws-sdk/client-cognito-identity-provider";
import type { CommandContext } from "@packages/cli-kit/command";
import { confirm } from "@packages/cli-kit/confirm";
import { Refusal } from "@packages/cli-kit/refusal";
import { environments } from "../../stacks/environments";
import { readDeployed } from "../lib/deployed-environment";
import { targetOf } from "../lib/target";

export interface UsersInput {
  readonly environment: string;
  readonly action: "list" | "invite" | "disable" | "enable";
  /** Undefined for `list` only. */
  readonly email: string | undefined;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
}

/** Lists the creators of an environment, or changes one of them. Throws a Refusal if there is no such creator. */
export async function runUsers(
  { environment, action, email = "", dryRun }: UsersInput,
  { steps, confirmation, print }: CommandContext,
): Promise<void> {
  const { access, output } = await readDeployed(targetOf(environment, environments), steps);
  const client = new CognitoIdentityProviderClient({ ...access.client, maxAttempts: 5 });
  const pool = new Creators(client, output("user_pool_id"));
  try {
    if (action === "list") {
      for (const line of listed(await steps.run("users", () => pool.list()))) print(line);
      return;
    }
    if (dryRun) {
      print(await pool.would(action, email));
      return;
    }
    await confirm(
      `${QUESTIONS[action]} ${email} ${action === "invite" ? "to" : "in"} ${environment}?`,
      confirmation,
    );
    steps.line(await pool[action](email));
  } finally {
    client.destroy();
  }
}

const QUESTIONS = { invite: "Invite", disable: "Disable", enable: "Enable" } as const;
type Change = keyof typeof QUESTIONS;

/** The users of a pool, whose user names are their e-mail addresses. Methods return what they did, as a sentence. */
export class Creators {
  constructor(
    private readonly client: Pick<CognitoIdentityProviderClient, "send">,
    private readonly poolId: string,
  ) {}

  async list(): Promise<readonly UserType[]> {
    const users: UserType[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new ListUsersCommand({ UserPoolId: this.poolId, PaginationToken: token }),
      );
      users.push(...(page.Users ?? []));
      token = page.PaginationToken;
    } while (token !== undefined);
    return users;
  }

  /** What a change would do. Throws a Refusal where the change would. */
  async would(action: Change, email: string): Promise<string> {
    const known = await this.find(email);
    if (action === "invite") {
      if (known === undefined) return `would invite ${email}`;
      refuseActive(email, known);
      return `would invite ${email} again`;
    }
    if (known === undefined) throw unknown(email);
    return action === "disable" ? `would disable ${email}, and end the sessions` : `would enable ${email}`;
  }

  private async find(email: string): Promise<UserType | undefined> {
    return (await this.list()).find((user) => emailOf(user).toLowerCase() === email.toLowerCase());
  }

  /** Sends an invitation; to someone who has not accepted one, another. */
  async invite(email: string): Promise<string> {
    const request = { UserPoolId: this.poolId, Username: email, DesiredDeliveryMediums: ["EMAIL" as const] };
    const attributes = [
      { Name: "email", Value: email },
      { Name: "email_verified", Value: "true" },
    ];
    try {
      await this.client.send(new AdminCreateUserCommand({ ...request, UserAttributes: attributes }));
      return `invited: ${email} gets an e-mail with a temporary password`;
    } catch (error) {
      if ((error as Error).name !== "UsernameExistsException") throw error;
    }
    refuseActive(email, await this.find(email));
    await this.client.send(new AdminCreateUserCommand({ ...request, MessageAction: "RESEND" }));
    return `invited again: ${email} gets another e-mail with a temporary password`;
  }

  /** Ends the sessions too. */
  async disable(email: string): Promise<string> {
    const user = { UserPoolId: this.poolId, Username: email };
    await this.client.send(new AdminDisableUserCommand(user)).catch(refuseUnknown(email));
    await this.client.send(new AdminUserGlobalSignOutCommand(user));
    return `disabled: ${email} can't sign in any more`;
  }

  async enable(email: string): Promise<string> {
    const user = { UserPoolId: this.poolId, Username: email };
    await this.client.send(new AdminEnableUserCommand(user)).catch(refuseUnknown(email));
    return `enabled: ${email} can sign in`;
  }
}

/** Only who has not accepted an invitation gets another. */
function refuseActive(email: string, known: UserType | undefined): void {
  if (known?.UserStatus === "FORCE_CHANGE_PASSWORD") return;
  throw new Refusal(`${email} is already a creator (${known?.UserStatus ?? "unknown"}); nothing was changed`);
}

const unknown = (email: string): Refusal => new Refusal(`there is no creator ${email}; nothing was changed`);

function refuseUnknown(email: string): (error: Error) => never {
  return (error) => {
    if (error.name !== "UserNotFoundException") throw error;
    throw unknown(email);
  };
}

const emailOf = ({ Attributes = [], Username }: UserType): string =>
  Attributes.find(({ Name }) => Name === "email")?.Value ?? Username ?? "";

/** Cognito's statuses that a creator can have, in words. */
const STATUSES: Readonly<Record<string, string>> = {
  FORCE_CHANGE_PASSWORD: "invited",
  CONFIRMED: "active",
  RESET_REQUIRED: "must reset the password",
};

/** A line for each user: address, status and date of the invitation. */
export function listed(users: readonly UserType[]): string[] {
  if (users.length === 0) return ["no creators: npm run users -- ENVIRONMENT invite EMAIL"];
  const width = Math.max(...users.map((user) => emailOf(user).length));
  return users.map((user) => {
    const status = user.Enabled === false ? "disabled" : (STATUSES[user.UserStatus ?? ""] ?? user.UserStatus);
    const since = user.UserCreateDate?.toISOString().slice(0, 10) ?? "";
    return `${emailOf(user).padEnd(width)}  ${status}  since ${since}`;
  });
}
