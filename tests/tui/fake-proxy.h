/* fake-proxy.h - a proxy on the loopback that wants a user name and a password, in a thread of this
 * program */
#pragma once
#include <glib.h>

typedef struct _FakeProxy FakeProxy;

/** fake_proxy_new: @user_password: "USER:PASSWORD" that it takes; NULL: it asks for none. */
FakeProxy *fake_proxy_new (const char *user_password);
void fake_proxy_free (FakeProxy *proxy);
guint16 fake_proxy_port (const FakeProxy *proxy);
/** fake_proxy_change: another password from now on. */
void fake_proxy_change (FakeProxy *proxy, const char *user_password);
/** fake_proxy_attempts: how often a credential came. */
guint fake_proxy_attempts (FakeProxy *proxy);
/** fake_proxy_hold: it answers nothing until it is let go. */
void fake_proxy_hold (FakeProxy *proxy, gboolean is_held);
