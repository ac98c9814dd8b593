/* redirect.c - preloaded into curl and git: every name resolves, every connection ends at the test's own proxy, and
 * both are told on stderr, so that a test sees which host and port a tool has read from a proxy URL */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int getaddrinfo (const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **ret);
int connect (int fd, const struct sockaddr *address, socklen_t length);

/* One write() each: other threads and processes share the descriptor. */
static void
tell (const char *what, const char *host, unsigned port)
{
    char line[1200];
    int n = snprintf (line, sizeof line, "@%s %.1024s %u\n", what, host, port);

    if (n > 0 && write (2, line, (size_t) n) < 0)
        _exit (125);
}

int
getaddrinfo (const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
    int (*real) (const char *, const char *, const struct addrinfo *, struct addrinfo **);
    struct addrinfo v4 = { 0 };

    *(void **) &real = dlsym (RTLD_NEXT, "getaddrinfo");
    if (node == NULL)
        return real (node, service, hints, ret);
    tell ("name", node, 0);
    v4.ai_family = AF_INET;
    v4.ai_socktype = hints != NULL ? hints->ai_socktype : 0;
    return real ("127.0.0.1", service, &v4, ret);
}

int
connect (int fd, const struct sockaddr *address, socklen_t length)
{
    int (*real) (int, const struct sockaddr *, socklen_t);
    struct sockaddr_in there;
    const char *port = getenv ("PRC_TEST_PORT");
    char text[INET6_ADDRSTRLEN] = "";

    *(void **) &real = dlsym (RTLD_NEXT, "connect");
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) (const void *) address;

        inet_ntop (AF_INET6, &v6->sin6_addr, text, sizeof text);
        tell ("connect", text, ntohs (v6->sin6_port));
        errno = ECONNREFUSED;
        return -1;
    }
    if (address->sa_family != AF_INET || port == NULL)
        return real (fd, address, length);
    memcpy (&there, address, sizeof there);
    inet_ntop (AF_INET, &there.sin_addr, text, sizeof text);
    tell ("connect", text, ntohs (there.sin_port));
    there.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    there.sin_port = htons ((uint16_t) atoi (port));
    return real (fd, (const struct sockaddr *) &there, sizeof there);
}
