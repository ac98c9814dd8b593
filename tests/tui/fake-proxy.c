#include "test.h"

#include "fake-proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct _FakeProxy {
    int listener, wake[2];
    guint16 port;
    GThread *thread;
    GMutex mutex;
    char *wanted; /* (nullable): base64 */
    guint attempts;
    gint is_held;
};

static gboolean
write_all (int fd, const char *text)
{
    return send (fd, text, strlen (text), MSG_NOSIGNAL) == (ssize_t) strlen (text);
}

/* One request, up to the empty line; FALSE: the client is gone. */
static gboolean
read_request (int fd, char *request, gsize size)
{
    gsize length = 0;

    while (length + 1 < size) {
        ssize_t n = read (fd, request + length, size - 1 - length);

        if (n <= 0)
            return FALSE;
        length += (gsize) n;
        request[length] = '\0';
        if (strstr (request, "\r\n\r\n") != NULL)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_welcome (FakeProxy *proxy, const char *request)
{
    const char *header = strcasestr (request, "\r\nProxy-Authorization: Basic ");
    gboolean welcome = FALSE;

    g_mutex_lock (&proxy->mutex);
    proxy->attempts += header != NULL;
    welcome =
        proxy->wanted == NULL ||
        (header != NULL &&
         g_str_has_prefix (header + strlen ("\r\nProxy-Authorization: Basic "), proxy->wanted));
    g_mutex_unlock (&proxy->mutex);
    return welcome;
}

static void
serve (FakeProxy *proxy, int fd)
{
    char request[16384];

    if (read_request (fd, request, sizeof request)) {
        while (g_atomic_int_get (&proxy->is_held)) {
            struct pollfd end = { proxy->wake[0], POLLIN, 0 };

            if (poll (&end, 1, 20) == 1)
                return;
        }
        if (!is_welcome (proxy, request)) {
            (void) write_all (
                fd, "HTTP/1.1 407 Proxy Authentication Required\r\nConnection: close\r\n"
                    "Proxy-Authenticate: Basic realm=\"Office\"\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        (void) write_all (fd, g_str_has_prefix (request, "CONNECT ")
                                  ? "HTTP/1.1 200 Connection established\r\n\r\n"
                                  : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        if (g_str_has_prefix (request, "CONNECT ") && read_request (fd, request, sizeof request))
            (void) write_all (
                fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        return;
    }
}

static gpointer
run (gpointer data)
{
    FakeProxy *proxy = data;
    struct pollfd fds[2] = { { proxy->listener, POLLIN, 0 }, { proxy->wake[0], POLLIN, 0 } };

    for (;;) {
        int client = -1;

        (void) poll (fds, 2, -1);
        if (fds[1].revents != 0)
            return NULL;
        client = accept (proxy->listener, NULL, NULL);
        if (client < 0)
            continue;
        serve (proxy, client);
        (void) close (client);
    }
}

FakeProxy *
fake_proxy_new (const char *user_password)
{
    FakeProxy *proxy = g_new0 (FakeProxy, 1);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t length = sizeof address;

    g_mutex_init (&proxy->mutex);
    fake_proxy_change (proxy, user_password);
    proxy->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true (proxy->listener >= 0);
    assert_int_equal (bind (proxy->listener, (struct sockaddr *) &address, sizeof address), 0);
    assert_int_equal (listen (proxy->listener, 16), 0);
    assert_int_equal (getsockname (proxy->listener, (struct sockaddr *) &address, &length), 0);
    assert_int_equal (pipe (proxy->wake), 0);
    proxy->port = ntohs (address.sin_port);
    proxy->thread = g_thread_new ("proxy", run, proxy);
    return proxy;
}

void
fake_proxy_free (FakeProxy *proxy)
{
    assert_int_equal (write (proxy->wake[1], "x", 1), 1);
    g_thread_join (proxy->thread);
    (void) close (proxy->listener);
    (void) close (proxy->wake[0]);
    (void) close (proxy->wake[1]);
    g_mutex_clear (&proxy->mutex);
    g_free (proxy->wanted);
    g_free (proxy);
}

guint16
fake_proxy_port (const FakeProxy *proxy)
{
    return proxy->port;
}

void
fake_proxy_change (FakeProxy *proxy, const char *user_password)
{
    g_mutex_lock (&proxy->mutex);
    g_free (proxy->wanted);
    proxy->wanted = user_password != NULL
                        ? g_base64_encode ((const guchar *) user_password, strlen (user_password))
                        : NULL;
    g_mutex_unlock (&proxy->mutex);
}

guint
fake_proxy_attempts (FakeProxy *proxy)
{
    guint attempts = 0;

    g_mutex_lock (&proxy->mutex);
    attempts = proxy->attempts;
    g_mutex_unlock (&proxy->mutex);
    return attempts;
}

void
fake_proxy_hold (FakeProxy *proxy, gboolean is_held)
{
    g_atomic_int_set (&proxy->is_held, is_held);
}
