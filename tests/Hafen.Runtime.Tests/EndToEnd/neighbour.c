/*
 * What somebody in a container with CAP_SYS_PTRACE can do to processes that others bring into its pid namespace: looks at each new one from the moment
 * it exists, and writes down what it should not have found. Arguments: a file of the host, an environment variable's name, the file to write to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static FILE *found;
static unsigned long long allowed;

static long read_file(int pid, const char *name, char *buffer, int size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int file = open(path, O_RDONLY);
    if (file < 0)
        return -1;
    long length = read(file, buffer, size - 1);
    close(file);
    buffer[length > 0 ? length : 0] = 0;
    return length;
}

static unsigned long long permitted(int pid)
{
    char text[4096], *line;
    if (read_file(pid, "status", text, sizeof text) <= 0 || !(line = strstr(text, "CapPrm:")))
        return 0;
    return strtoull(line + 7, 0, 16);
}

/* Rights in a namespace of one's own are none in this one. */
static int in_this_user_namespace(int pid)
{
    char path[64], own[64] = "", its[64] = "";
    snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
    return readlink("/proc/self/ns/user", own, sizeof own - 1) > 0 && readlink(path, its, sizeof its - 1) > 0 && strcmp(own, its) == 0;
}

static void look(int pid, const char *marker, const char *variable)
{
    char path[512], text[16384];
    snprintf(path, sizeof path, "/proc/%d/root%s", pid, marker);
    if (access(path, F_OK) == 0)
        fprintf(found, "root of the host\n");
    snprintf(path, sizeof path, "/proc/%d/cwd/../../../../../../../..%s", pid, marker);
    if (access(path, F_OK) == 0)
        fprintf(found, "working directory of the host\n");
    long length = read_file(pid, "environ", text, sizeof text);
    if (length > 0 && memmem(text, length, variable, strlen(variable)))
        fprintf(found, "environment of the host\n");
    unsigned long long more = permitted(pid) & ~allowed;
    if (more && in_this_user_namespace(pid))
        fprintf(found, "capabilities %llx\n", more);
    for (int number = 3; number < 40; number++) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, number);
        long size = readlink(path, text, sizeof text - 1);
        if (size <= 0)
            continue;
        text[size] = 0;
        if (strncmp(text, "socket:", 7) != 0)
            fprintf(found, "descriptor of %s\n", text);
    }
}

/* The last process made in this pid namespace: who did not get the processor for a while has missed some. */
static int newest(void)
{
    char text[128], *last;
    int file = open("/proc/loadavg", O_RDONLY);
    long length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = 0;
    return (last = strrchr(text, ' ')) ? atoi(last) : 0;
}

int main(int count, char **arguments)
{
    found = fopen(arguments[3], "a");
    allowed = permitted(getpid());
    fprintf(found, "ready\n");
    fflush(found);
    for (int next = getpid() + 1, idle = 0;;) {
        char path[64];
        int seen = 0;
        if (++idle % 1000 == 0) {
            int last = newest();
            if (last >= next + 4)
                next = last;
        }
        for (int pid = next; pid < next + 4; pid++) {
            snprintf(path, sizeof path, "/proc/%d", pid);
            while (access(path, F_OK) == 0) {
                look(pid, arguments[1], arguments[2]);
                seen = pid;
            }
        }
        if (seen) {
            next = seen + 1;
            fprintf(found, "saw one\n");
            fflush(found);
        }
    }
}
