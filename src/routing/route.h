/* route.h - the proxy that a tool would use for a URL, and the setting that decides
 *
 * Each tool has rules of its own; one file each (route-NAME.c) holds them. Nothing is run and
 * nothing is written. What can't be known without running code, or depends on a version that could
 * not be found out, is undecided, with the reason: never a guess. */
#pragma once
#include "catalogue/discover.h"
#include "routing/target.h"
#include "routing/variables.h"

typedef enum {
    PRC_ROUTE_DIRECT,    /* without a proxy */
    PRC_ROUTE_PROXY,     /* through @proxy */
    PRC_ROUTE_INVALID,   /* the tool fails on the setting @decided_by, or on a file: @detail */
    PRC_ROUTE_UNDECIDED, /* @detail says why */
} PrcRouteKind;

/** PrcRouteSource: where a setting stands. */
typedef struct {
    char *file; /* (nullable): NULL: a variable that was there already */
    guint line; /* 0: none */
    char *key;  /* the tool's own full name, or the variable's */
    gboolean is_variable;
} PrcRouteSource;

void prc_route_source_free (PrcRouteSource *source);

typedef struct {
    PrcRouteKind kind;
    char *proxy;                /* (nullable): scheme://host:port, without credentials */
    char *user;                 /* (nullable): of the proxy */
    char *through;              /* (nullable): another proxy, by which that one is reached (curl) */
    PrcRouteSource *decided_by; /* (nullable): nothing is set */
    GPtrArray *beats;           /* of PrcRouteSource: what would count without it, in their order */
    char *bypassed_by;          /* (nullable): the entry of the no_proxy list in @decided_by */
    char *bypassed;             /* (nullable): the proxy that is not used for it */
    char *detail;               /* (nullable): for a person; without secrets */
} PrcRoute;

void prc_route_free (PrcRoute *route);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcRoute, prc_route_free)

/** PrcRouteQuery: borrowed. */
typedef struct {
    const PrcTool *tool;
    const PrcPlace *place;         /* its environment is that of @variables */
    const PrcVariables *variables; /* that the tool is started with */
    const PrcTarget *target;
    const char *dir; /* (nullable): absolute: where it is started; NULL: no project counts */
    guint version;   /* PRC_TOOL_VERSION; 0: not known: undecided where it makes a difference */
} PrcRouteQuery;

/** prc_route_knows: that the rules of this tool are known. */
gboolean prc_route_knows (const PrcTool *tool);

/** prc_route_find: (transfer full): for a tool that prc_route_knows(). */
PrcRoute *prc_route_find (const PrcRouteQuery *query);

/** prc_route_same: the same proxy or none, for the same reason. */
gboolean prc_route_same (const PrcRoute *a, const PrcRoute *b);
