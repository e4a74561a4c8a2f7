import { group, type Settings, wholeNumber } from "../../lib/schema";

const id = () => wholeNumber({ least: 1, why: "gh api repos/OWNER/NAME --jq '.owner.id, .id' prints both" });

/** GitHub ids, which stay the same when a name is released and reused. */
export const repositoryIdsSchema = group({
  /** GitHub id of the organization or user that owns the repository. */
  owner: id(),
  /** GitHub id of the repository. */
  repository: id(),
});

export type RepositoryIds = Settings<typeof repositoryIdsSchema>;
