export interface GitHubOptions {
  /** `https://api.github.com`, or that of a server of one's own. */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  /** Never printed. */
  readonly token: string;
}

/** What GitHub refused: the status, and its own words. */
export class GitHubError extends Error {
  readonly status: number;

  constructor(request: string, { status, body }: { readonly status: number; readonly body: string }) {
    super(`GitHub answered ${status} to ${request}: ${body.slice(0, 500)}`);
    this.status = status;
  }
}

/** From the variables that every GitHub Actions job has. Throws when one is missing, and names it. */
export function gitHubOptions(env: Readonly<Record<string, string | undefined>>): GitHubOptions {
  const read = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw new Error(`${name} is missing: a GitHub Actions job has it, the token as GITHUB_TOKEN by "env:"`);
  };
  return {
    apiUrl: read("GITHUB_API_URL"),
    repository: read("GITHUB_REPOSITORY"),
    token: read("GITHUB_TOKEN"),
  };
}

/** The few calls of GitHub's REST API that delivery needs. */
export class GitHub {
  constructor(private readonly options: GitHubOptions) {}

  /** Sends JSON to a path below the repository, such as `/issues/1/comments`, and gives the answer's. */
  async send<Answer>(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<Answer> {
    const { apiUrl, repository, token } = this.options;
    const response = await fetch(`${apiUrl}/repos/${repository}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new GitHubError(`${method} ${path}`, { status: response.status, body: text });
    return JSON.parse(text) as Answer;
  }

  /** Everything that a list has, page after page. */
  async *list<Item>(path: string): AsyncGenerator<Item> {
    const size = 100;
    for (let page = 1; ; page++) {
      const joint = path.includes("?") ? "&" : "?";
      const items = await this.send<Item[]>("GET", `${path}${joint}per_page=${size}&page=${page}`);
      yield* items;
      if (items.length < size) return;
    }
  }
}
