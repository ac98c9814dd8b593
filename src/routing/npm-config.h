/* npm-config.h - what npm keeps of its configuration: levels of keys and values, the strongest
 * first
 *
 * As @npmcli/config: the environment's npm_config_*, the project's file, the user's, the global
 * one, npm's own. */
#pragma once
#include "routing/route-internal.h"

typedef struct _PrcNpmConfig PrcNpmConfig;

/** prc_npm_config_read: (transfer full) (nullable): NULL: npm fails, or it can't be known; @route
 * says it. */
PrcNpmConfig *prc_npm_config_read (PrcRoute *route, const PrcRouteQuery *query);
void prc_npm_config_free (PrcNpmConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcNpmConfig, prc_npm_config_free)

/** prc_npm_config_add_proxies: @key's values, the strongest first, down to one that says null or
 * false. FALSE: npm fails on one of them; @route says it. */
gboolean prc_npm_config_add_proxies (const PrcNpmConfig *config, PrcRoute *route, const char *key,
                                     GPtrArray *settings);

/** prc_npm_config_add_list: the list that counts, if there is one: may be empty. */
void prc_npm_config_add_list (const PrcNpmConfig *config, GPtrArray *lists);
