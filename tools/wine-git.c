// `git` for programs under Wine: passes its arguments to the machine's own git.
//
// Wine starts a program of the machine without a handle to wait for, so a shell writes the exit code into a file.
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

static wchar_t line[32768];

static void append(const wchar_t *word) {
  wcscat(line, L" \"");
  wcscat(line, word);
  wcscat(line, L"\"");
}

// A path as the machine's git knows it; any other argument as it is.
static void append_translated(wchar_t *word) {
  char *(CDECL *unix_name)(const wchar_t *) =
      (void *)GetProcAddress(GetModuleHandleW(L"kernel32"), "wine_get_unix_file_name");
  char *path = wcschr(word, L':') && wcschr(word, L'\\') ? unix_name(word) : NULL;
  wchar_t wide[4096];
  if (path && MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, 4096)) word = wide;
  for (wchar_t *at = word; *at; at++)
    if (*at == L'\\') *at = L'/';
  append(word);
}

int wmain(int count, wchar_t **words) {
  wchar_t folder[MAX_PATH], result[MAX_PATH];
  if (!GetTempPathW(MAX_PATH, folder) || !GetTempFileNameW(folder, L"git", 0, result)) return 128;
  wcscpy(line, L"sh -c \"git \\\"$@\\\" >/dev/null 2>&1; echo $? >\\\"$0\\\"\"");
  append_translated(result);
  for (int i = 1; i < count; i++) append_translated(words[i]);

  STARTUPINFOW startup = {sizeof startup};
  PROCESS_INFORMATION process;
  if (!CreateProcessW(L"Z:\\bin\\sh", line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) return 127;
  int code = 128, read = 0;
  for (int wait = 0; wait < 20000 && read != 1; wait++) {
    Sleep(1);
    FILE *file = _wfopen(result, L"r");
    if (!file) continue;
    read = fscanf(file, "%d\n", &code);
    fclose(file);
  }
  DeleteFileW(result);
  return code;
}
