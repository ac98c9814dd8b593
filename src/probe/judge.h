/* judge.h - from what the helper has seen to a verdict, and to sentences that help; pure */
#pragma once
#include "model/verdict.h"
#include "probe/facts.h"
#include "probe/request.h"

/**
 * prc_judge: (transfer full): the whole result. A credential counts as accepted only when the proxy
 * asked for one (407) without it, and gave an answer of its own with it.
 */
PrcCheckResult *prc_judge (const PrcProbeRequest *request, const PrcFacts *facts);

/** prc_judge_result_new: (transfer full): only with proxy and url filled in: for a check that is
 * not made. */
PrcCheckResult *prc_judge_result_new (const PrcProbeRequest *request);
