/* secret-service.h - the desktop's own keyring: GNOME Keyring, KWallet, KeePassXC, by libsecret
 *
 * The service protects the secrets by what it does itself; while its collection is unlocked, every
 * program of the same user can read them. Its users find ours as items with the label
 * "proxyrc: USER@HOST:PORT" and the attributes xdg:schema = #PRC_SECRET_SERVICE_SCHEMA, scheme,
 * server, port and user. */
#pragma once
#include "secrets/store.h"

#define PRC_SECRET_SERVICE_SCHEMA "org.proxyrc.Credential"

/** Taken without being asked for when a service runs on the session bus, or the bus can start one
 * and there is a display on which it could ask. With no bus it costs two system calls. */
extern const PrcStoreDriver prc_secret_service_driver;
