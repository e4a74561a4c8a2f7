export interface GitHubOptions {
  /** `https://api.github.com`, or the URL of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  /** Token; never printed. */
  readonly token: string;
}

/** An error response of GitHub: status and body. */
export class GitHubError extends Error {
  readonly status: number;

  constructor(request: string, { status, body }: { readonly status: number; readonly body: string }) {
    super(`GitHub answered ${status} to ${request}: ${body.slice(0, 500)}`);
    this.status = status;
  }
}

/** Options from the variables of a GitHub Actions job. Throws if one is missing. */
export function gitHubOptions(env: Readonly<Record<string, string | undefined>>): GitHubOptions {
  const read = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw new Error(`missing ${name}: GitHub Actions sets it; pass the token as GITHUB_TOKEN with "env:"`);
  };
  return {
    apiUrl: read("GITHUB_API_URL"),
    repository: read("GITHUB_REPOSITORY"),
    token: read("GITHUB_TOKEN"),
  };
}

/** The calls of GitHub's REST API that delivery needs. */
export class GitHub {
  constructor(private readonly options: GitHubOptions) {}

  /** Sends JSON to a path below the repository, such as `/issues/1/comments`; returns the response's JSON. */
  async send<Answer>(method: "GET" | "POST" | "PATCH" | "PUT", path: string, body?: object): Promise<Answer> {
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

  /** All items of a list, page by page. */
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
