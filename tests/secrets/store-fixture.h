/* store-fixture.h - what the tests of the stores share */
#pragma once
#include "secrets/store.h"

/** Passwords that every store must give back byte for byte; NULL-terminated. */
extern const char *const hard_passwords[];

/** test_ask: a PrcStoreAsk that always answers @passphrase, and counts how often it was asked. */
typedef struct {
    PrcStoreAsk ask;
    const char *passphrase;
    guint asked, asked_for_new;
    char *why; /* of the last question */
} TestAsk;
PrcStoreAsk *test_ask_init (TestAsk *ask, const char *passphrase);
void test_ask_clear (TestAsk *ask);

/** test_store_put: stores text or fails the test. */
void test_store_put (PrcStore *store, const char *ref_text, const char *secret);
/** test_store_get: (transfer full) (nullable): NULL when there is none; other errors fail. */
char *test_store_get (PrcStore *store, const char *ref_text);
PrcCredentialRef *test_ref (const char *text);

/** test_contents: (transfer full): of a file that must be there. */
GBytes *test_contents (const char *path);
/** test_write: makes or replaces @path with @mode. */
void test_write (const char *path, GBytes *bytes, guint mode);
gboolean test_holds (GBytes *bytes, const char *text);
guint test_mode (const char *path);
