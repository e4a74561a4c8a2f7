import { alarmTellsSomebody } from "./alarm-tells-somebody";
import { apiWritesWantAToken } from "./api-writes-want-a-token";
import { balancerMayWriteItsLogs } from "./balancer-may-write-its-logs";
import { bucketHasNoAcl } from "./bucket-has-no-acl";
import { bucketIsPrivate } from "./bucket-is-private";
import { bucketIsVersionedAndEncrypted } from "./bucket-is-versioned-and-encrypted";
import { bucketRefusesPlainHttp } from "./bucket-refuses-plain-http";
import { bucketTellsOnlyQueuesThatLetIt } from "./bucket-tells-only-queues-that-let-it";
import { cacheIsEncrypted } from "./cache-is-encrypted";
import { databaseForcesTls } from "./database-forces-tls";
import { databaseIsEncrypted } from "./database-is-encrypted";
import { databaseIsPrivate } from "./database-is-private";
import { databaseIsProtectedWhenAsked } from "./database-is-protected-when-asked";
import { databaseKeepsBackups } from "./database-keeps-backups";
import { distributionForcesHttps } from "./distribution-forces-https";
import { functionAnswersInTime } from "./function-answers-in-time";
import { functionIsTraced } from "./function-is-traced";
import { functionRuntimeIsSupported } from "./function-runtime-is-supported";
import { insightsFitTheClass } from "./insights-fit-the-class";
import { logGroupExpires } from "./log-group-expires";
import { namesFit } from "./names-fit";
import { publicAddressHasAWay } from "./public-address-has-a-way";
import { queueHasDeadLetters } from "./queue-has-dead-letters";
import { queueIsEncrypted } from "./queue-is-encrypted";
import { queueOutlastsItsConsumer } from "./queue-outlasts-its-consumer";
import { queueRefusesPlainHttp } from "./queue-refuses-plain-http";
import { removedInProvider6 } from "./removed-in-provider-6";
import { repositoryIsImmutable } from "./repository-is-immutable";
import { resourcesAreTagged } from "./resources-are-tagged";
import { roleHasABoundary } from "./role-has-a-boundary";
import { roleNamesItsActions } from "./role-names-its-actions";
import { roleNamesItsResources } from "./role-names-its-resources";
import { secondPlanIsEmpty } from "./second-plan-is-empty";
import { securityGroupIsClosedToTheWorld } from "./security-group-is-closed-to-the-world";
import { serviceRollsBack } from "./service-rolls-back";
import { stageIsLoggedAndTraced } from "./stage-is-logged-and-traced";
import { storageHasItsIops } from "./storage-has-its-iops";
import { taskIsUnprivileged } from "./task-is-unprivileged";
import { taskSizeExists } from "./task-size-exists";
import { topicRefusesPlainHttp } from "./topic-refuses-plain-http";
import { trustIsNarrow } from "./trust-is-narrow";
import { webAclIsAssociated } from "./web-acl-is-associated";
import { webAclLivesWhereItMust } from "./web-acl-lives-where-it-must";
import { webAclRulesAreOrdered } from "./web-acl-rules-are-ordered";
import type { Rule } from "./rule";

/** Every rule, by the name of its file. */
export const rules = {
  "alarm-tells-somebody": alarmTellsSomebody,
  "api-writes-want-a-token": apiWritesWantAToken,
  "balancer-may-write-its-logs": balancerMayWriteItsLogs,
  "bucket-has-no-acl": bucketHasNoAcl,
  "bucket-is-private": bucketIsPrivate,
  "bucket-is-versioned-and-encrypted": bucketIsVersionedAndEncrypted,
  "bucket-refuses-plain-http": bucketRefusesPlainHttp,
  "bucket-tells-only-queues-that-let-it": bucketTellsOnlyQueuesThatLetIt,
  "cache-is-encrypted": cacheIsEncrypted,
  "database-forces-tls": databaseForcesTls,
  "database-is-encrypted": databaseIsEncrypted,
  "database-is-private": databaseIsPrivate,
  "database-is-protected-when-asked": databaseIsProtectedWhenAsked,
  "database-keeps-backups": databaseKeepsBackups,
  "distribution-forces-https": distributionForcesHttps,
  "function-answers-in-time": functionAnswersInTime,
  "function-is-traced": functionIsTraced,
  "function-runtime-is-supported": functionRuntimeIsSupported,
  "insights-fit-the-class": insightsFitTheClass,
  "log-group-expires": logGroupExpires,
  "names-fit": namesFit,
  "public-address-has-a-way": publicAddressHasAWay,
  "queue-has-dead-letters": queueHasDeadLetters,
  "queue-is-encrypted": queueIsEncrypted,
  "queue-outlasts-its-consumer": queueOutlastsItsConsumer,
  "queue-refuses-plain-http": queueRefusesPlainHttp,
  "removed-in-provider-6": removedInProvider6,
  "repository-is-immutable": repositoryIsImmutable,
  "resources-are-tagged": resourcesAreTagged,
  "role-has-a-boundary": roleHasABoundary,
  "role-names-its-actions": roleNamesItsActions,
  "role-names-its-resources": roleNamesItsResources,
  "second-plan-is-empty": secondPlanIsEmpty,
  "security-group-is-closed-to-the-world": securityGroupIsClosedToTheWorld,
  "service-rolls-back": serviceRollsBack,
  "stage-is-logged-and-traced": stageIsLoggedAndTraced,
  "storage-has-its-iops": storageHasItsIops,
  "task-is-unprivileged": taskIsUnprivileged,
  "task-size-exists": taskSizeExists,
  "topic-refuses-plain-http": topicRefusesPlainHttp,
  "trust-is-narrow": trustIsNarrow,
  "web-acl-is-associated": webAclIsAssociated,
  "web-acl-lives-where-it-must": webAclLivesWhereItMust,
  "web-acl-rules-are-ordered": webAclRulesAreOrdered,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
