import type { ApiChange, ApiResource, TerraformCloudClient } from "./client";

/** An environment variable of a workspace's runs. */
export interface WantedVariable {
  readonly key: string;
  readonly value: string;
  readonly description: string;
}

/** https://developer.hashicorp.com/terraform/cloud-docs/api-docs/team-access */
export const TEAM_ACCESS = ["read", "plan", "write", "admin"] as const;

export interface WantedTeam {
  readonly name: string;
  readonly access: (typeof TEAM_ACCESS)[number];
}

/** A service that answers after each plan whether it may be applied. */
export interface WantedTask {
  readonly name: string;
  readonly url: string;
  /** Key of the signatures; only asked for when the task is created. */
  readonly hmacKey: () => Promise<string>;
}

export interface WantedWorkspace {
  readonly name: string;
  readonly description: string;
  readonly executionMode: "remote" | "local";
  readonly terraformVersion: string;
  readonly tags: readonly string[];
  readonly variables: readonly WantedVariable[];
  readonly teams: readonly WantedTeam[];
  /** URL that is told about runs that need attention or failed. */
  readonly notificationUrl?: string | undefined;
  readonly reviewTask?: WantedTask | undefined;
}

/** What the API has and what is wanted. Calling `apply` makes it so. */
export interface Difference {
  readonly text: string;
  readonly apply: () => Promise<void>;
}

/** Triggers of a notification: a person must act, or something failed. */
const TRIGGERS = ["run:needs_attention", "run:errored", "assessment:drifted", "assessment:failed"];

/** A workspace's settings, compared with the wanted ones. Creates and changes only what differs. */
export class WorkspaceConfiguration {
  constructor(
    private readonly client: TerraformCloudClient,
    private readonly organization: string,
    private readonly projectName: string,
  ) {}

  /** The project, created if it is missing. */
  async project(): Promise<{ readonly id: string | undefined; readonly differences: readonly Difference[] }> {
    const path = `/organizations/${this.organization}/projects`;
    const project = (await this.client.list(path)).find(
      ({ attributes }) => attributes.name === this.projectName,
    );
    if (project !== undefined) return { id: project.id, differences: [] };
    const create: Difference = {
      text: `create the project "${this.projectName}"`,
      apply: async () => {
        await this.client.create(path, { type: "projects", attributes: { name: this.projectName } });
      },
    };
    return { id: undefined, differences: [create] };
  }

  /** Throws an UnknownTeam if the organization lacks a team of the settings. */
  async checkTeams({ teams }: Pick<WantedWorkspace, "teams">): Promise<void> {
    if (teams.length === 0) return;
    const known = (await this.client.list(`/organizations/${this.organization}/teams`)).map(
      ({ attributes }) => attributes.name,
    );
    const unknown = teams.find(({ name }) => !known.includes(name));
    if (unknown !== undefined) throw new UnknownTeam(unknown.name, this.organization);
  }

  /** Differences of the workspace itself; creating it is one. */
  async workspace(wanted: WantedWorkspace): Promise<readonly Difference[]> {
    const { id: projectId, differences } = await this.project();
    // A workspace is created in its project.
    if (projectId === undefined) return differences;
    const path = `/organizations/${this.organization}/workspaces`;
    const found = await this.client.find(`${path}/${wanted.name}`);
    const attributes = attributesOf(wanted);
    const project = { data: { id: projectId, type: "projects" } };
    if (found === undefined) {
      const change: ApiChange = {
        type: "workspaces",
        attributes: { name: wanted.name, ...attributes },
        relationships: { project },
      };
      return [this.creation(`create the workspace ${wanted.name}`, path, change)];
    }
    const changed = Object.entries(attributes).filter(
      ([name, value]) => !isSame(found.attributes[name], value),
    );
    const own: Difference[] = changed.map(([name, value]) =>
      this.change(
        `${wanted.name}: set ${name} to ${shown(value)}, it is ${shown(found.attributes[name])}`,
        `/workspaces/${found.id}`,
        { type: "workspaces", attributes: { [name]: value } },
      ),
    );
    const at = found.relationships?.project?.data as { readonly id: string } | undefined;
    if (at?.id !== projectId) {
      const change = { type: "workspaces", relationships: { project } };
      const text = `${wanted.name}: move to the project "${this.projectName}"`;
      own.push(this.change(text, `/workspaces/${found.id}`, change));
    }
    return [
      ...own,
      ...this.tags(found, wanted),
      ...(await this.variables(found, wanted)),
      ...(await this.teams(found, wanted)),
      ...(await this.notification(found, wanted)),
      ...(await this.reviewTask(found, wanted)),
    ];
  }

  private tags(found: ApiResource, { name, tags }: WantedWorkspace): Difference[] {
    const given = (found.attributes["tag-names"] ?? []) as readonly string[];
    const missing = tags.filter((tag) => !given.includes(tag));
    if (missing.length === 0) return [];
    return [
      {
        text: `${name}: add the tags ${missing.join(", ")}`,
        apply: () =>
          this.client.add(
            `/workspaces/${found.id}/relationships/tags`,
            missing.map((tag) => ({ type: "tags", attributes: { name: tag } })),
          ),
      },
    ];
  }

  private async variables(found: ApiResource, { name, variables }: WantedWorkspace): Promise<Difference[]> {
    const path = `/workspaces/${found.id}/vars`;
    const all = await this.client.list(path);
    return variables.flatMap(({ key, value, description }) => {
      const old = all.find(({ attributes }) => attributes.key === key && attributes.category === "env");
      const attributes = { key, value, description, category: "env", hcl: false, sensitive: false };
      const change = { type: "vars", attributes };
      if (old === undefined) return [this.creation(`${name}: create the variable ${key}`, path, change)];
      if (old.attributes.value === value) return [];
      const text = `${name}: set the variable ${key} to ${value}, it is ${shown(old.attributes.value)}`;
      return [this.change(text, `${path}/${old.id}`, change)];
    });
  }

  private async teams(found: ApiResource, { name, teams }: WantedWorkspace): Promise<Difference[]> {
    if (teams.length === 0) return [];
    const known = await this.client.list(`/organizations/${this.organization}/teams`);
    const filter = new URLSearchParams({ "filter[workspace][id]": found.id });
    const given = await this.client.list(`/team-workspaces?${filter.toString()}`);
    return teams
      .map(({ name: teamName, access }) => {
        const team = known.find(({ attributes }) => attributes.name === teamName);
        if (team === undefined) throw new UnknownTeam(teamName, this.organization);
        const old = given.find(
          ({ relationships }) => (relationships?.team?.data as { id: string }).id === team.id,
        );
        if (old?.attributes.access === access) return [];
        const attributes = { access };
        const text = `${name}: give the team ${teamName} the access "${access}"`;
        if (old !== undefined)
          return [
            this.change(text, `/team-workspaces/${old.id}`, {
              type: "team-workspaces",
              attributes,
            }),
          ];
        const relationships = {
          workspace: { data: { id: found.id, type: "workspaces" } },
          team: { data: { id: team.id, type: "teams" } },
        };
        return [
          this.creation(text, "/team-workspaces", {
            type: "team-workspaces",
            attributes,
            relationships,
          }),
        ];
      })
      .flat();
  }

  private async notification(found: ApiResource, wanted: WantedWorkspace): Promise<Difference[]> {
    const { name, notificationUrl: url } = wanted;
    if (url === undefined) return [];
    const path = `/workspaces/${found.id}/notification-configurations`;
    const old = (await this.client.list(path)).find(({ attributes }) => attributes.name === NOTIFICATION);
    const attributes = {
      name: NOTIFICATION,
      url,
      enabled: true,
      "destination-type": new URL(url).hostname === "hooks.slack.com" ? "slack" : "generic",
      triggers: TRIGGERS,
    };
    const change = { type: "notification-configurations", attributes };
    if (old === undefined) return [this.creation(`${name}: create the notification`, path, change)];
    const isOld = Object.entries(attributes).every(([key, value]) => isSame(old.attributes[key], value));
    if (isOld) return [];
    const text = `${name}: change the notification`;
    return [this.change(text, `/notification-configurations/${old.id}`, change)];
  }

  private async reviewTask(found: ApiResource, { name, reviewTask }: WantedWorkspace): Promise<Difference[]> {
    if (reviewTask === undefined) return [];
    const home = `/organizations/${this.organization}/tasks`;
    const task = (await this.client.list(home)).find(({ attributes }) => attributes.name === reviewTask.name);
    const { url, hmacKey } = reviewTask;
    if (task === undefined) {
      const attributes = { name: reviewTask.name, url, category: "task", enabled: true };
      return [
        {
          text: `create the run task ${reviewTask.name}`,
          apply: async () => {
            const signed = { ...attributes, "hmac-key": await hmacKey() };
            await this.client.create(home, { type: "tasks", attributes: signed });
          },
        },
      ];
    }
    const differences: Difference[] = [];
    for (const [attribute, value] of Object.entries({ url, enabled: true })) {
      const old = task.attributes[attribute];
      if (old === value) continue;
      const text = `run task ${reviewTask.name}: set ${attribute} to ${shown(value)}, it is ${shown(old)}`;
      differences.push(
        this.change(text, `/tasks/${task.id}`, { type: "tasks", attributes: { [attribute]: value } }),
      );
    }
    const path = `/workspaces/${found.id}/tasks`;
    const attached = (await this.client.list(path)).find(
      ({ relationships }) => (relationships?.task?.data as { id: string }).id === task.id,
    );
    const attributes = { "enforcement-level": "mandatory", stages: ["post_plan"] };
    const relationships = { task: { data: { id: task.id, type: "tasks" } } };
    const change = { type: "workspace-tasks", attributes, relationships };
    if (attached === undefined)
      differences.push(this.creation(`${name}: ask the run task after each plan`, path, change));
    else if (attached.attributes["enforcement-level"] !== "mandatory")
      differences.push(
        this.change(`${name}: make the run task mandatory`, `${path}/${attached.id}`, {
          type: "workspace-tasks",
          attributes,
        }),
      );
    return differences;
  }

  private creation(text: string, path: string, change: ApiChange): Difference {
    return { text, apply: async () => void (await this.client.create(path, change)) };
  }

  private change(text: string, path: string, change: ApiChange): Difference {
    return { text, apply: async () => void (await this.client.update(path, change)) };
  }
}

/** A team of the settings that the organization does not have. */
export class UnknownTeam extends Error {
  constructor(team: string, organization: string) {
    super(`the organization ${organization} has no team "${team}"`);
  }
}

const NOTIFICATION = "attention";

function attributesOf(wanted: WantedWorkspace): Readonly<Record<string, unknown>> {
  return {
    description: wanted.description,
    "execution-mode": wanted.executionMode,
    "terraform-version": wanted.terraformVersion,
    // A plan is applied only after a review.
    "auto-apply": false,
  };
}

/** Lists are compared as sets: the API sorts tags and triggers. */
function isSame(one: unknown, other: unknown): boolean {
  const comparable = (value: unknown): string =>
    JSON.stringify(Array.isArray(value) ? [...(value as string[])].sort() : value);
  return comparable(one) === comparable(other);
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value));
