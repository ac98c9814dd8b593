/* route-internal.h - what the rules of all tools are made of: settings, a choice, a bypass
 *
 * Private to routing/. A rule lists the settings that could decide, the strongest first, and the
 * lists that could bypass; the rest is the same for all tools. */
#pragma once
#include "routing/bypass.h"
#include "routing/route.h"

/** PrcSetting: one candidate. */
typedef struct {
    PrcRouteSource source;
    char *value;          /* (nullable): wiped; NULL: in doubt, or nothing at all */
    char *doubt;          /* (nullable): why it isn't known whether it counts, or what it says */
    const char *scheme;   /* (nullable): of a value without one */
    gboolean empty_stops; /* an empty value means: no proxy; else it is as if it weren't there */
} PrcSetting;

void prc_setting_free (PrcSetting *setting);

/** prc_settings_new: (transfer full) (element-type PrcSetting): frees them. */
GPtrArray *prc_settings_new (void);

/** prc_settings_add_variable: @name, if it is set or may be. Returns: (transfer none) (nullable) */
PrcSetting *prc_settings_add_variable (GPtrArray *settings, const PrcRouteQuery *query,
                                       const char *name);
/** prc_settings_add_libcurl_variables: all that libcurl, and git before it, look at, the strongest
 * first. */
void prc_settings_add_libcurl_variables (GPtrArray *settings, const PrcRouteQuery *query,
                                         gboolean is_https, gboolean empty_stops);
/** prc_settings_add_no_proxy: no_proxy, or NO_PROXY when that is empty (curl, pip). */
void prc_settings_add_no_proxy (GPtrArray *lists, const PrcRouteQuery *query);
/** prc_settings_add_entry: (transfer none): an entry of a file. What is CONDITIONAL or DYNAMIC is
 * in doubt. */
PrcSetting *prc_settings_add_entry (GPtrArray *settings, const char *path, const PrcEntry *entry);

/** prc_setting_set: its value from now on. */
void prc_setting_set (PrcSetting *setting, const char *value);

/** prc_route_new: (transfer full): direct, by nothing. */
PrcRoute *prc_route_new (void);

/**
 * prc_route_choose: the first of @settings that counts decides; the others of them are beaten.
 * Returns: (nullable) (transfer none): the one whose value is a proxy to be used; NULL: @route is
 * final
 */
const PrcSetting *prc_route_choose (PrcRoute *route, const GPtrArray *settings);

/**
 * prc_route_bypass: whether an entry of @lists, tried in order, bypasses what @chosen says.
 * Returns: FALSE: no; TRUE: @route is final: direct, or undecided
 */
gboolean prc_route_bypass (PrcRoute *route, const PrcRouteQuery *query, const PrcSetting *chosen,
                           const GPtrArray *lists, PrcBypass bypass);

/** prc_route_use: the route is @chosen's value, as the tool reads it. */
void prc_route_use (PrcRoute *route, const PrcRouteQuery *query, const PrcSetting *chosen);

/** prc_route_end: @route is @kind, by @setting (nullable), because of @detail (transfer full)
 * (nullable). */
void prc_route_end (PrcRoute *route, PrcRouteKind kind, const PrcSetting *setting, char *detail);

/** prc_route_refuse: @route is invalid when the tool itself rejects @file. Returns: whether it
 * does. */
gboolean prc_route_refuse (PrcRoute *route, const PrcFoundFile *file);

/* The rules */
void prc_route_curl (PrcRoute *route, const PrcRouteQuery *query);
void prc_route_git (PrcRoute *route, const PrcRouteQuery *query);
void prc_route_npm (PrcRoute *route, const PrcRouteQuery *query);
void prc_route_pip (PrcRoute *route, const PrcRouteQuery *query);
void prc_route_wget (PrcRoute *route, const PrcRouteQuery *query);
