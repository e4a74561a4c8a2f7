/** Why a project's packages must be installed; undefined when they are those of its package-lock.json. */
export function staleReason(project: string): string | undefined;

/** Installs them if they must be. Throws what npm says when it fails. */
export function setUp(project: string): Promise<void>;
