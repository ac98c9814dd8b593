/* judge-text.h - the sentences of a verdict */
#pragma once
#include "probe/judge.h"

/**
 * PrcCase: everything that a check can come to, finer than the verdicts: each has its own words.
 */
typedef enum {
    PRC_CASE_OK,
    PRC_CASE_OK_TICKET,
    PRC_CASE_OK_SOCKS4,
    PRC_CASE_NO_AUTH,
    PRC_CASE_NO_AUTH_UNTESTED,
    PRC_CASE_NO_AUTH_PAGE,
    PRC_CASE_MISSING,
    PRC_CASE_MISSING_TICKET,
    PRC_CASE_MISSING_SOCKS,
    PRC_CASE_REJECTED,
    PRC_CASE_REJECTED_401,
    PRC_CASE_REJECTED_TICKET,
    PRC_CASE_REJECTED_SOCKS,
    PRC_CASE_UNSUPPORTED,
    PRC_CASE_UNSUPPORTED_PROFILE,
    PRC_CASE_UNSUPPORTED_TICKET,
    PRC_CASE_UNSUPPORTED_LETTERS,
    PRC_CASE_UNSUPPORTED_ADDRESS,
    PRC_CASE_UNSUPPORTED_SOCKS,
    PRC_CASE_FORBIDDEN,
    PRC_CASE_FORBIDDEN_METHOD,
    PRC_CASE_FORBIDDEN_SOCKS,
    PRC_CASE_TOO_MANY,
    PRC_CASE_ORIGIN_401,
    PRC_CASE_CONNECT_401,
    PRC_CASE_PROXY_401,
    PRC_CASE_UPSTREAM,
    PRC_CASE_UPSTREAM_SOCKS,
    PRC_CASE_UPSTREAM_SOCKS4,
    PRC_CASE_UPSTREAM_NO_TLS,
    PRC_CASE_UPSTREAM_TLS,
    PRC_CASE_UPSTREAM_CLOSED,
    PRC_CASE_REDIRECT,
    PRC_CASE_PORTAL,
    PRC_CASE_WEB_SERVER,
    PRC_CASE_NO_TLS_INSIDE,
    PRC_CASE_INTERCEPTED,
    PRC_CASE_SITE_EXPIRED,
    PRC_CASE_SITE_OTHER_NAME,
    PRC_CASE_PROXY_NOT_TLS,
    PRC_CASE_PROXY_CERTIFICATE,
    PRC_CASE_UNRESOLVABLE,
    PRC_CASE_UNRESOLVABLE_SITE,
    PRC_CASE_UNREACHABLE,
    PRC_CASE_TIMEOUT,
    PRC_CASE_TIMEOUT_NAME,
    PRC_CASE_TIMEOUT_SENT,
    PRC_CASE_TIMEOUT_INSIDE,
    PRC_CASE_CLOSED,
    PRC_CASE_CLOSED_SENT,
    PRC_CASE_CLOSED_INSIDE,
    PRC_CASE_NOT_HTTP,
    PRC_CASE_SSH,
    PRC_CASE_WANTS_TLS,
    PRC_CASE_TOO_LARGE,
    PRC_CASE_NO_CHALLENGE,
    PRC_CASE_ODD_STATUS,
    PRC_CASE_NOT_SOCKS,
    PRC_CASE_BROKEN,
    PRC_CASE_OTHER,
} PrcCase;
#define PRC_N_CASES (PRC_CASE_OTHER + 1)

/** prc_case_verdict: what the case counts as. */
PrcVerdict prc_case_verdict (PrcCase judged);

/** prc_case_words: fills in @result's detail and remedy; @exchange is what explains it
 * ((nullable)). */
void prc_case_words (PrcCase judged, const PrcProbeRequest *request, const PrcExchange *exchange,
                     PrcCheckResult *result);
