/* bypass-oracle.h - what npm, pip and curl themselves make of no_proxy lists */
#pragma once
#include <glib.h>

/** PrcAsk: whether @host is reached directly with @list. */
typedef struct {
    const char *list, *host;
} PrcAsk;

/**
 * prc_ask_npm, prc_ask_pip, prc_ask_curl: end the test as skipped where the tool is missing, or too
 * old for the rules that are compared.
 *
 * Returns: (transfer full) (array length=n): TRUE: directly
 */
gboolean *prc_ask_npm (const PrcAsk *asks, guint n);
gboolean *prc_ask_pip (const PrcAsk *asks, guint n);
gboolean *prc_ask_curl (const PrcAsk *asks, guint n);

/** prc_ask_environment: (transfer full): what a tool is run with: PATH, and a home without files.
 */
char **prc_ask_environment (void);
