/* dialects.h - the dialects of the real tools, for tests; the program has them from its catalogue */
#pragma once
#include "model/proxy-url.h"

#define ALL_SCHEMES 0x3Fu
#define HTTP_SCHEMES 0x03u

static const PrcUrlDialect curl_dialect = {
    .schemes = ALL_SCHEMES,
    .default_port = 1080,
    .default_port_https = 443,
    .at = PRC_AT_ONLY,
    .guesses_scheme = TRUE,
};
/* on libcurl < 8.8.0 */
static const PrcUrlDialect git_dialect = {
    .schemes = ALL_SCHEMES,
    .default_port = 1080,
    .default_port_https = 443,
    .at = PRC_AT_FIRST,
    .decodes_twice = TRUE,
    .loose_userinfo = TRUE,
    .guesses_scheme = TRUE,
};
static const PrcUrlDialect npm_dialect = {
    .schemes = ALL_SCHEMES,
    .scheme_needed = TRUE,
    .default_port = 80,
    .default_port_https = 443,
    .at = PRC_AT_LAST,
    .strict_percent = TRUE,
    .loose_userinfo = TRUE,
    .backslash_ends = TRUE,
    .trims = TRUE,
    .zone_refused = TRUE,
};
static const PrcUrlDialect pip_dialect = {
    .schemes = HTTP_SCHEMES,
    .scheme_needed_for_user = TRUE,
    .default_port = 80,
    .default_port_https = 443,
    .at = PRC_AT_LAST,
    .percent_all_or_none = TRUE,
    .latin1 = TRUE,
    .loose_userinfo = TRUE,
    .backslash_ends = TRUE,
};
static const PrcUrlDialect wget_dialect = {
    .schemes = 1u << PRC_PROXY_HTTP,
    .default_port = 80,
    .default_port_https = 443,
    .at = PRC_AT_ONLY,
};
