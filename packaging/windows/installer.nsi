; Installs for the person who runs it, without asking for an administrator: program, start menu, file type, Apps list.
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

; A running program holds its file open. Nothing is removed before it is known that all can be replaced.
!macro RefuseWhileRunning
  IfFileExists "$INSTDIR\whowas-window.exe" 0 free
  ClearErrors
  FileOpen $0 "$INSTDIR\whowas-window.exe" a
  IfErrors 0 closed
    MessageBox MB_OK|MB_ICONEXCLAMATION "Whowas is running. Please quit it and start this again." /SD IDOK
    SetErrorLevel 2
    Quit
  closed:
  FileClose $0
  free:
!macroend

Section
  !insertmacro RefuseWhileRunning
  ; What an older version had and this one has not must not be found beside it.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}\*"
  File "/oname=whowas.ico" "${ICON}"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\Whowas.lnk" "$INSTDIR\whowas-window.exe"

  WriteRegStr HKCU "${CLASSES}\.whowas" "" "Whowas.Directory"
  WriteRegStr HKCU "${CLASSES}\.whowas" "Content Type" "application/x-whowas"
  WriteRegStr HKCU "${CLASSES}\Whowas.Directory" "" "Whowas directory"
  WriteRegStr HKCU "${CLASSES}\Whowas.Directory\DefaultIcon" "" "$INSTDIR\whowas.ico"
  WriteRegStr HKCU "${CLASSES}\Whowas.Directory\shell\open\command" "" '"$INSTDIR\whowas-window.exe" "%1"'
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
  !insertmacro RefuseWhileRunning
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\whowas.exe"
  Delete "$INSTDIR\whowas-window.exe"
  Delete "$INSTDIR\whowas.ico"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Whowas.lnk"
  DeleteRegKey HKCU "${CLASSES}\Whowas.Directory"
  DeleteRegKey HKCU "${CLASSES}\.whowas"
  DeleteRegKey HKCU "${APPS}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  MessageBox MB_OK|MB_ICONINFORMATION "Whowas is gone. Your directories are where you saved them, or in $LOCALAPPDATA\whowas." /SD IDOK
SectionEnd
