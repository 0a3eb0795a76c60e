; Installs for the person who runs it, without asking for an administrator: program, start menu, file types, Apps list.
; Silent with /S; a second run upgrades. Directories of users are never touched, and the uninstaller says where they are.
; Defined by installer.py: VERSION, BUNDLE (a folder), ICON, OUTPUT (files), SIZE (kibibytes).

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
; The same files give the same installer, whenever they were written.
SetDateSave off
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh

!define APPS "Software\Microsoft\Windows\CurrentVersion\Uninstall\Whowas"
!define CLASSES "Software\Classes"

Name "Whowas"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Whowas"
InstallDirRegKey HKCU "${APPS}" "InstallLocation"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Whowas"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs Whowas"
VIAddVersionKey LegalCopyright "The Whowas authors"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\whowas-window.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

!define UNPACKED "$INSTDIR\_new"
!define REPLACED "$INSTDIR\_old"

; Says why nothing was done, and ends; what there was before is as it was.
!macro Refuse SENTENCE
  SetOutPath "$TEMP"
  RMDir /r "${UNPACKED}"
  RMDir "$INSTDIR"
  MessageBox MB_OK|MB_ICONEXCLAMATION "${SENTENCE}" /SD IDOK
  SetErrorLevel 2
  Quit
!macroend

; A running program holds its file open. Nothing is removed before it is known that all can be replaced.
!macro RefuseWhileRunning PROGRAM
  IfFileExists "$INSTDIR\${PROGRAM}" 0 +7
  ClearErrors
  FileOpen $0 "$INSTDIR\${PROGRAM}" a
  IfErrors 0 +3
    StrCpy $1 "running"
    Goto +2
  FileClose $0
!macroend

!macro RefuseWhileAnyRuns
  StrCpy $1 ""
  !insertmacro RefuseWhileRunning "whowas.exe"
  !insertmacro RefuseWhileRunning "whowas-window.exe"
  StrCmp $1 "" free
    !insertmacro Refuse "Whowas is running. Please quit it and start this again."
  free:
!macroend

; Puts one part of what was unpacked in the place of what was there.
!macro Replace PART
  IfFileExists "$INSTDIR\${PART}" 0 +2
    Rename "$INSTDIR\${PART}" "${REPLACED}\${PART}"
  Rename "${UNPACKED}\${PART}" "$INSTDIR\${PART}"
!macroend

; Undoes that, where another part could not be replaced.
!macro PutBack PART
  IfFileExists "${REPLACED}\${PART}" 0 +4
    RMDir /r "$INSTDIR\${PART}"
    Delete "$INSTDIR\${PART}"
    Rename "${REPLACED}\${PART}" "$INSTDIR\${PART}"
!macroend

; Where the disk is full, NSIS asks whether to try again, and silently does not.
Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "${UNPACKED}"
  RMDir "$INSTDIR"
  SetErrorLevel 2
FunctionEnd

Section
  !insertmacro RefuseWhileAnyRuns
  ; All of it is unpacked before anything that is there is touched: an older version goes on working until then.
  RMDir /r "${UNPACKED}"
  RMDir /r "${REPLACED}"
  ClearErrors
  SetOutPath "${UNPACKED}"
  File /r "${BUNDLE}\*"
  File "/oname=whowas.ico" "${ICON}"
  IfErrors 0 unpacked
    !insertmacro Refuse "There is no room for Whowas. Nothing was changed."
  unpacked:
  SetOutPath "$INSTDIR"
  CreateDirectory "${REPLACED}"
  ClearErrors
  !insertmacro Replace "_internal"
  !insertmacro Replace "whowas.exe"
  !insertmacro Replace "whowas-window.exe"
  !insertmacro Replace "whowas.ico"
  IfErrors 0 replaced
    !insertmacro PutBack "_internal"
    !insertmacro PutBack "whowas.exe"
    !insertmacro PutBack "whowas-window.exe"
    !insertmacro PutBack "whowas.ico"
    RMDir "${REPLACED}"
    !insertmacro Refuse "Something of Whowas is in use. Nothing was changed: please restart Windows and start this again."
  replaced:
  RMDir /r "${REPLACED}"
  RMDir /r "${UNPACKED}"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\Whowas.lnk" "$INSTDIR\whowas-window.exe"

  WriteRegStr HKCU "${CLASSES}\.whowas" "" "Whowas.Directory"
  WriteRegStr HKCU "${CLASSES}\.whowas" "Content Type" "application/x-whowas"
  WriteRegStr HKCU "${CLASSES}\Whowas.Directory" "" "Whowas directory"
  WriteRegStr HKCU "${CLASSES}\Whowas.Directory\DefaultIcon" "" "$INSTDIR\whowas.ico"
  WriteRegStr HKCU "${CLASSES}\Whowas.Directory\shell\open\command" "" '"$INSTDIR\whowas-window.exe" "%1"'
  WriteRegStr HKCU "${CLASSES}\.whowas-team" "" "Whowas.Team"
  WriteRegStr HKCU "${CLASSES}\.whowas-team" "Content Type" "application/x-whowas-team"
  WriteRegStr HKCU "${CLASSES}\Whowas.Team" "" "Whowas shared directory"
  WriteRegStr HKCU "${CLASSES}\Whowas.Team\DefaultIcon" "" "$INSTDIR\whowas.ico"
  WriteRegStr HKCU "${CLASSES}\Whowas.Team\shell\open\command" "" '"$INSTDIR\whowas-window.exe" "%1"'
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

  WriteRegStr HKCU "${APPS}" "DisplayName" "Whowas"
  WriteRegStr HKCU "${APPS}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${APPS}" "DisplayIcon" "$INSTDIR\whowas.ico"
  WriteRegStr HKCU "${APPS}" "Publisher" "The Whowas authors"
  WriteRegStr HKCU "${APPS}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${APPS}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${APPS}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${APPS}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKCU "${APPS}" "NoModify" 1
  WriteRegDWORD HKCU "${APPS}" "NoRepair" 1
SectionEnd

Section Uninstall
  !insertmacro RefuseWhileAnyRuns
  RMDir /r "${UNPACKED}"
  RMDir /r "${REPLACED}"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\whowas.exe"
  Delete "$INSTDIR\whowas-window.exe"
  Delete "$INSTDIR\whowas.ico"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Whowas.lnk"
  DeleteRegKey HKCU "${CLASSES}\Whowas.Directory"
  DeleteRegKey HKCU "${CLASSES}\.whowas"
  DeleteRegKey HKCU "${CLASSES}\Whowas.Team"
  DeleteRegKey HKCU "${CLASSES}\.whowas-team"
  DeleteRegKey HKCU "${APPS}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  MessageBox MB_OK|MB_ICONINFORMATION "Whowas is gone. Your directories are where you saved them, or in $LOCALAPPDATA\whowas." /SD IDOK
SectionEnd
