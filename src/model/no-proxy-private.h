/* no-proxy-private.h - the entries of a no_proxy list, for the files that implement no-proxy.h */
#pragma once
#include "model/no-proxy.h"

typedef enum {
    PRC_NO_PROXY_STAR,  /* "*" */
    PRC_NO_PROXY_NAME,  /* a host or a domain */
    PRC_NO_PROXY_BELOW, /* ".x": the domain and the hosts below it */
    PRC_NO_PROXY_WILD,  /* "*.x": the hosts below x */
    PRC_NO_PROXY_ODD,   /* a '*' elsewhere: no tool understands it */
    PRC_NO_PROXY_IP,    /* an address, IPv4 or IPv6 without brackets */
    PRC_NO_PROXY_CIDR4,
    PRC_NO_PROXY_CIDR6,
} PrcNoProxyKind;

typedef struct {
    PrcNoProxyKind kind;
    char *text;    /* as it was written */
    char *host;    /* lower case, without "*", ".", port, brackets; the whole network for CIDR */
    guint16 port;  /* 0: none */
    guint prefix;  /* CIDR: number of leading bits */
    guint32 net4;  /* CIDR4: the first address, host byte order */
} PrcNoProxyEntry;

struct _PrcNoProxy {
    GPtrArray *entries; /* of PrcNoProxyEntry */
};

/** An IPv4 network of at most so many addresses is spelled out. */
#define PRC_NO_PROXY_SPELLED_MAX 16u
/** prc_no_proxy_is_spelled: @entry is a network whose addresses are spelled out behind it. */
gboolean prc_no_proxy_is_spelled (const PrcNoProxyEntry *entry);
